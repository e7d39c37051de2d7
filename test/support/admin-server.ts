import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WireError } from '../../emulator/core/errors.ts'

export interface AdminServer {
  /** What the SDK is told in TCB_CONTEXT_CNFG. */
  readonly url: string
  stop(): Promise<void>
}

export type Answer = (action: string, body: Record<string, unknown>) => Promise<Record<string, unknown>>

/**
 * The smallest server of the admin wire: JSON in, JSON out, refusals with HTTP 200. It lets the real SDK reach an engine
 * of this process, without the emulator's gateway between them.
 */
export async function startAdminServer(answer: Answer): Promise<AdminServer> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body: Record<string, unknown> = JSON.parse(Buffer.concat(chunks).toString('utf8'))
    response.setHeader('content-type', 'application/json; charset=utf-8')
    response.end(JSON.stringify({ ...(await replyTo(answer, body)), requestId: randomUUID() }))
  })
  // Longer than the SDK keeps an idle socket, or it would meet a socket that closes.
  server.keepAliveTimeout = 10_000
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/admin`,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function replyTo(answer: Answer, body: Record<string, unknown>): Promise<Record<string, unknown>> {
  try {
    return await answer(String(body.action), body)
  } catch (cause) {
    if (cause instanceof WireError) return { code: cause.code, message: cause.message }
    return { code: 'SYS_ERR', message: cause instanceof Error ? `${cause.stack}` : String(cause) }
  }
}
