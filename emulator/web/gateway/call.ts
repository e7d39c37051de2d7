import type { IncomingMessage } from 'node:http'
import type { Callers } from '../callers.ts'
import type { WebDeps } from '../deps.ts'

/** One request to `/v1/**`. */
export interface GatewayCall {
  deps: WebDeps
  callers: Callers
  request: IncomingMessage
  url: URL
  /** Groups of the address, decoded. */
  params: string[]
  /** Access token, as it came. */
  token: string | undefined
  /** The body, which must be JSON. */
  json(): Promise<unknown>
}
