import type { IncomingMessage } from 'node:http'
import { WireError } from '../core/errors.ts'
import type { Client } from '../core/identity.ts'
import type { Account } from './accounts.ts'
import type { WebUser } from './deps.ts'
import type { Sessions } from './sessions.ts'

/** Who sends a request of the web SDK. */
export interface Caller {
  client: Client
  user: WebUser
}

export interface Callers {
  /** Undefined without a token; throws WireError for one that is not good. */
  find(accessToken: string | undefined, request: IncomingMessage): Caller | undefined
  /** Throws WireError also without a token. */
  get(accessToken: string | undefined, request: IncomingMessage): Caller
}

export function createCallers(sessions: Sessions, appid: string): Callers {
  function find(accessToken: string | undefined, request: IncomingMessage): Caller | undefined {
    if (accessToken === undefined || accessToken === '') return undefined
    const account = sessions.check(accessToken)
    // The SDK refreshes its token on this very code and tries once more (js-sdk app `libs/request.ts`).
    if (account === 'expired') throw new WireError('ACCESS_TOKEN_EXPIRED', 'access token has expired')
    if (account === 'invalid') {
      throw new WireError('INVALID_CREDENTIALS', 'access token was not issued by this environment')
    }
    return callerOf(account, appid, clientIpOf(request))
  }
  return {
    find,
    get(accessToken, request) {
      const caller = find(accessToken, request)
      if (!caller)
        throw new WireError('MISSING_CREDENTIALS', 'sign in first: the request has no access token')
      return caller
    },
  }
}

export function callerOf(account: Account, appid: string, clientIp?: string): Caller {
  const { uid, loginType, customUserId } = account
  return {
    client: { appid, uid, loginType, clientIp },
    user: { uid, customUserId, isAnonymous: loginType === 'ANONYMOUS' },
  }
}

/** The token of `Authorization: Bearer <token>`; undefined without one, also for `Basic` and others. */
export function bearerOf({ headers }: IncomingMessage): string | undefined {
  return /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1]
}

export function clientIpOf({ socket }: IncomingMessage): string {
  return socket.remoteAddress?.replace(/^::ffff:/, '') ?? '127.0.0.1'
}
