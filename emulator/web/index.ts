/** The web SDK's side of the cloud: sign-in at `/auth`, gateway mode at `/v1`, action mode at `/web`. */
import { type HttpRoute, jsonReply } from '../core/http.ts'
import type { Client } from '../core/identity.ts'
import type { Module } from '../core/module.ts'
import { createAccounts } from './accounts.ts'
import { authRoute } from './auth/index.ts'
import { callerOf, createCallers } from './callers.ts'
import { cloudApiRoute } from './cloud-api.ts'
import { createCustomLogin, type LoginKey } from './custom-login.ts'
import type { WebDeps } from './deps.ts'
import { gatewayRoutes } from './gateway/index.ts'
import { createSessions } from './sessions.ts'

export type { LoginKey } from './custom-login.ts'
export type { WebDeps, WebInvocation, WebUser } from './deps.ts'
export { readLoginKeyFiles } from './login-key-files.ts'
export { withLoginKey } from './login-key-variable.ts'

export interface Web extends Module {
  routes: HttpRoute[]
  /** Who opens a socket with what `auth.wsWebSign` answered; undefined when it is not good, or no longer. */
  clientOfLogin(signStr: string): Client | undefined
  /** Whether its user has signed out; a token that merely expired is renewed by the SDK. */
  isLoginOver(signStr: string): boolean
  /** The key file with which functions of this environment sign custom-login tickets. */
  customLoginKey(): LoginKey
}

export function createWeb(deps: WebDeps): Web {
  const { appid, clock, envId, ids, state } = deps
  const secrets = state.table<string>('web.secret')
  let kept: string | undefined
  const secret = (): string => {
    if (kept === undefined) throw new Error('the web side was not started')
    return kept
  }

  const accounts = createAccounts({ state, clock, envId })
  const sessions = createSessions({ state, clock, ids, accounts, envId, secret, onClose: deps.onSignOut })
  const customLogin = createCustomLogin({ state, ids, envId, projectKeys: deps.projectKeys })
  const callers = createCallers(sessions, appid)

  return {
    name: 'web',
    async start() {
      // Kept, so that who is signed in stays so after a restart.
      kept = secrets.get('tokens') ?? ids.hex(32)
      await secrets.put('tokens', kept)
      await sessions.removeExpired()
    },
    stop: customLogin.stop,
    routes: [
      authRoute({ accounts, sessions, customLogin, clock, ids }),
      ...gatewayRoutes(deps, callers),
      cloudApiRoute(deps, callers),
      {
        method: 'GET',
        path: /^\/web\/custom-login-key$/,
        handle: async () => jsonReply(customLogin.ownKey()),
      },
    ],
    clientOfLogin(signStr) {
      const account = sessions.check(signStr)
      return typeof account === 'string' ? undefined : callerOf(account, appid).client
    },
    isLoginOver: sessions.isOver,
    customLoginKey: customLogin.ownKey,
  }
}
