import diagnostics from 'node:diagnostics_channel'
import type { ClientRequest } from 'node:http'
import { isCloudHost } from './cloud-hosts.ts'

export interface RequestCount {
  open: number
}

/** Counts the requests to the cloud that have no answer yet. */
export function countRequests(gatewayHost: string): RequestCount {
  const count: RequestCount = { open: 0 }
  diagnostics.subscribe('http.client.request.start', (message) => {
    const { request } = message as { request: ClientRequest } // documented shape of this channel
    if (!isCloudHost(request.getHeader('host'), gatewayHost)) return
    count.open += 1
    request.once('close', () => {
      count.open -= 1
    })
  })
  return count
}

/**
 * Settles when no request is open and none follows at once: an answer may lead to the next request in the
 * microtasks after it, so two idle turns of the event loop are waited for.
 */
export async function landed(count: RequestCount): Promise<void> {
  for (let idleTurns = 0; idleTurns < 2; ) {
    await new Promise((resolve) => setImmediate(resolve))
    idleTurns = count.open === 0 ? idleTurns + 1 : 0
    if (count.open > 0) await new Promise((resolve) => setTimeout(resolve, 1))
  }
}
