/** What the web side needs of the other modules. */
import type { Clock } from '../core/clock.ts'
import type { Client } from '../core/identity.ts'
import type { Ids } from '../core/ids.ts'
import type { State } from '../core/state.ts'

export interface WebDeps {
  state: State
  clock: Clock
  ids: Ids
  envId: string
  appid: string
  /** `http://127.0.0.1:9527`, known once the gateway listens. */
  baseUrl(): string
  access: ClientAccess
  /** Calls a function; the call is billed there. */
  invoke(call: WebInvocation): Promise<WebInvokeResult>
  /** An action of an older dialect as today's, and the way back for its reply. */
  toCurrent(action: string, body: Fields): Translated
  /** A login is over, see `Web.isLoginOver`. */
  onSignOut?(): void
  /** Texts of the project that may be custom-login key files. */
  projectKeys(): string[]
}

export type Fields = Record<string, unknown>

/** What clients may do, in actions and bodies of the admin wire; each call is billed there. Throws WireError. */
export interface ClientAccess {
  database(action: string, body: Fields, client: Client): Promise<Fields>
  storage(action: string, body: Fields, client: Client): Promise<Fields>
  /** `client` is undefined when nobody is logged in. */
  assertMayInvoke(functionName: string, client: Client | undefined): void
}

export interface Translated {
  action: string
  body: Fields
  reply(current: Fields): Fields
}

export interface WebInvocation {
  functionName: string
  event: unknown
  /** Undefined when nobody is logged in. */
  user: WebUser | undefined
  clientIp: string
}

/** What a function may learn of a web user: `auth().getUserInfo()` of node-sdk. */
export interface WebUser {
  uid: string
  customUserId?: string
  isAnonymous: boolean
}

export type WebInvokeResult =
  | { ok: true; json: string | undefined; requestId: string }
  | { ok: false; code: string; message: string; requestId: string }
