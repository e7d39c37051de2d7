import { createHash } from 'node:crypto'
import * as z from 'zod'
import type { Clock } from '../core/clock.ts'
import type { Ids } from '../core/ids.ts'
import type { State } from '../core/state.ts'
import type { Account, Accounts } from './accounts.ts'
import { readToken, signToken } from './token.ts'

/** What every sign-in answers; the SDK keeps it (js-sdk `oauth2client.ts`, `Credentials`). */
export interface Credentials {
  token_type: 'Bearer'
  access_token: string
  refresh_token: string
  expires_in: number
  scope: string
  sub: string
  groups: string[]
}

export interface Sessions {
  open(account: Account, lasts?: { accessMs?: number; untilMs?: number }): Promise<Credentials>
  /** New access token for the same session; undefined when the session is over or never was. */
  refresh(refreshToken: string): Credentials | undefined
  /** `expired` also when the session was closed: the SDK then tries to refresh, and learns that it is over. */
  check(accessToken: string): Account | 'expired' | 'invalid'
  /** Ends the session of an access token, also of one that has expired. */
  close(accessToken: string): Promise<void>
  removeExpired(): Promise<void>
  /** Whether the session of an access token was closed; a token that expired says nothing of it. */
  isOver(accessToken: string): boolean
}

interface Session {
  uid: string
  /** How long each access token lasts. */
  accessMs: number
  untilMs: number
}

/** Two hours and 31 days, as the HTTP API's manual says of access and refresh tokens. */
const ACCESS_MS = 2 * 3_600_000
const SESSION_MS = 31 * 86_400_000

const claimsSchema = z.object({ jti: z.string(), sub: z.string(), exp: z.number() })

export function createSessions(deps: {
  state: State
  clock: Clock
  ids: Ids
  accounts: Accounts
  envId: string
  secret(): string
  onClose?(): void
}): Sessions {
  const { accounts, clock, envId, ids, secret } = deps
  const table = deps.state.table<Session>('web.sessions')

  function credentialsOf(account: Account, refreshToken: string, session: Session): Credentials {
    const nowMs = clock.nowMs()
    const expiresInS = Math.floor(Math.min(session.accessMs, session.untilMs - nowMs) / 1_000)
    const scope = account.loginType === 'ANONYMOUS' ? 'anonymous' : 'user'
    const claims = {
      iss: `https://${envId}.ap-shanghai.tcb-api.tencentcloudapi.com`,
      sub: account.uid,
      aud: envId,
      iat: Math.floor(nowMs / 1_000),
      exp: Math.floor(nowMs / 1_000) + expiresInS,
      jti: idOf(refreshToken),
      scope,
      project_id: envId,
      user_id: account.uid,
      provider_type: account.loginType.toLowerCase(),
    }
    return {
      token_type: 'Bearer',
      access_token: signToken(claims, secret()),
      refresh_token: refreshToken,
      expires_in: expiresInS,
      scope,
      sub: account.uid,
      groups: [],
    }
  }

  const readClaims = (token: string) => claimsSchema.safeParse(readToken(token, secret())).data

  return {
    async open(account, { accessMs = ACCESS_MS, untilMs = clock.nowMs() + SESSION_MS } = {}) {
      const refreshToken = ids.hex(32)
      const session = { uid: account.uid, accessMs, untilMs }
      await table.put(idOf(refreshToken), session)
      return credentialsOf(account, refreshToken, session)
    },
    refresh(refreshToken) {
      const session = table.get(idOf(refreshToken))
      if (!session || session.untilMs <= clock.nowMs()) return undefined
      const account = accounts.find(session.uid)
      // The refresh token stays: a reply that was lost, or two open tabs, must not end the session.
      return account && credentialsOf(account, refreshToken, session)
    },
    check(accessToken) {
      const claims = readClaims(accessToken)
      if (!claims) return 'invalid'
      if (claims.exp * 1_000 <= clock.nowMs() || !table.get(claims.jti)) return 'expired'
      return accounts.find(claims.sub) ?? 'expired'
    },
    async close(accessToken) {
      const claims = readClaims(accessToken)
      if (!claims) return
      await table.remove(claims.jti)
      deps.onClose?.()
    },
    isOver(accessToken) {
      const claims = readClaims(accessToken)
      return claims !== undefined && !table.get(claims.jti)
    },
    async removeExpired() {
      for (const [id, { untilMs }] of table.entries()) if (untilMs <= clock.nowMs()) await table.remove(id)
    },
  }
}

/** Sessions are found by what is not their secret. */
function idOf(refreshToken: string): string {
  return createHash('sha256').update(refreshToken).digest('hex').slice(0, 32)
}
