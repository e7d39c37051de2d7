/** What a benchmark does with a local cloud: calls routes as users, reads what the kernel logged of each call. */
import { Agent, request } from 'node:http'
import { startCloudProcess } from '../support/cloud-process.ts'

const REQUEST_TIMEOUT_MS = 30_000

/** What the kernel logs at the end of each call. */
export interface CallLine {
  route: string
  code: number
  error?: string
  databaseCalls: number
}

/** What the caller saw: an answer of the route, or nothing that can be trusted. */
export type Answer<T> = { ok: true; data: T } | { ok: false; error: string } | { ok: false; failed: string }

export interface LocalCloud {
  readonly calls: CallLine[]
  call<T>(user: string, route: string, data: unknown, requestId?: string): Promise<Answer<T>>
  control<T>(method: string, path: string, body?: unknown): Promise<T>
  /** `kill -9`, and the same cloud again on the same data and port. */
  killAndRestart(): Promise<void>
  stop(): Promise<void>
}

export async function startLocalCloud(dataDir: string, connections: number): Promise<LocalCloud> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const calls: CallLine[] = []
  const cloud = await startCloudProcess({ dataDir }, (line) => {
    const call = toCallLine(line)
    if (call) calls.push(call)
  })

  async function send(
    method: string,
    path: string,
    body: unknown,
    user?: string,
  ): Promise<Record<string, unknown>> {
    const text = body === undefined ? undefined : JSON.stringify(body)
    const headers: Record<string, string> = { 'content-type': 'application/json' }
    if (text !== undefined) headers['content-length'] = String(Buffer.byteLength(text))
    if (user !== undefined) headers['x-emulator-user'] = user
    return new Promise((resolve, reject) => {
      const options = { agent, method, path, port: cloud.port, headers, timeout: REQUEST_TIMEOUT_MS }
      const sent = request({ host: '127.0.0.1', ...options }, (response) => {
        let received = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => {
          received += chunk
        })
        response.on('error', reject)
        response.on('end', () => {
          try {
            resolve(JSON.parse(received))
          } catch (cause) {
            reject(
              new Error(`${method} ${path} answered ${response.statusCode} ${received.slice(0, 200)}`, {
                cause,
              }),
            )
          }
        })
      })
      sent.on('timeout', () => sent.destroy(new Error(`${path} took longer than ${REQUEST_TIMEOUT_MS} ms`)))
      sent.on('error', reject)
      sent.end(text)
    })
  }

  return {
    calls,

    async call<T>(user: string, route: string, data: unknown, requestId?: string): Promise<Answer<T>> {
      const [name, $url] = route.split('/')
      try {
        const reply = await send('POST', `/client/functions/${name}`, { $url, data, requestId }, user)
        // Every route answers with the kernel's reply; without one the platform speaks.
        const result = reply.result as { code: number; data: T; error: string } | undefined
        if (!result) return { ok: false, failed: String(reply.errMsg) }
        return result.code === 0 ? { ok: true, data: result.data } : { ok: false, error: result.error }
      } catch (cause) {
        return { ok: false, failed: String(cause) }
      }
    },

    async control<T>(method: string, path: string, body?: unknown) {
      // The control interface describes its answers in /control/openapi.json.
      return (await send(method, `/control/${path}`, body)) as T
    },

    killAndRestart: cloud.killAndRestart,

    async stop() {
      agent.destroy()
      await cloud.stop()
    },
  }
}

/** `[flashsale] call refused route=flashsale/buy code=5003 … databaseCalls=1 error=SOLD_OUT` */
function toCallLine(line: string): CallLine | undefined {
  const fields = new Map(
    [...line.matchAll(/ (\w+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value]),
  )
  const [route, calls] = [fields.get('route'), fields.get('databaseCalls')]
  if (route === undefined || calls === undefined) return undefined
  return { route, code: Number(fields.get('code')), error: fields.get('error'), databaseCalls: Number(calls) }
}
