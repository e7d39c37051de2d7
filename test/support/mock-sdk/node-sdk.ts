import type { Db } from '@cloudbase/database'
import { mock } from './control.ts'
import { newRawDatabase } from './raw-database.ts'

/** The part of `@cloudbase/node-sdk` that functions use, in process: the unwrapped database and login tickets. */
export const SYMBOL_CURRENT_ENV = Symbol.for('SYMBOL_CURRENT_ENV')

export interface App {
  /** The database package itself: errors keep `.code`, and `where().updateAndReturn()` exists. */
  database(options?: Record<string, unknown>): Db
  auth(): { createTicket(uid: string, options?: { refresh?: number; expire?: number }): string }
}

export function init(config: Record<string, unknown> = {}): App {
  return {
    database: (options = {}) => newRawDatabase({ ...config, ...options }),
    auth: () => ({ createTicket }),
  }
}

/** Readable instead of signed: `<key id>/@@/<payload as JSON>`. */
function createTicket(uid: string, options: { refresh?: number; expire?: number } = {}): string {
  if (!/^[a-zA-Z0-9_\-#@~=*(){}[\]:.,<>+]{4,32}$/.test(uid)) throw new Error(`Invalid uid: "${uid}"`)
  const nowMs = mock.cloud().clock.nowMs()
  const { refresh = 3_600_000, expire = nowMs + 7 * 24 * 3_600_000 } = options
  const env = mock.cloud().envId
  return `mock-key/@@/${JSON.stringify({ alg: 'RS256', env, iat: nowMs, exp: nowMs + 600_000, uid, refresh, expire })}`
}

export default { init, SYMBOL_CURRENT_ENV }
