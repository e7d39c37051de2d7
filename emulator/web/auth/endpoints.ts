/** The auth API, one entry for each address (js-sdk oauth `auth/consts.ts`, `ApiUrls`). */
import * as z from 'zod'
import type { Clock } from '../../core/clock.ts'
import type { Ids } from '../../core/ids.ts'
import type { Account, Accounts } from '../accounts.ts'
import type { CustomLogin } from '../custom-login.ts'
import { read } from '../read.ts'
import type { Sessions } from '../sessions.ts'
import { AuthRefusal } from './refusal.ts'

export interface AuthDeps {
  accounts: Accounts
  sessions: Sessions
  customLogin: CustomLogin
  clock: Clock
  ids: Ids
}

export interface AuthCall {
  body: Record<string, unknown>
  /** Token of `Authorization: Bearer`. */
  bearer: string | undefined
  /** Header `x-device-id`, which the SDK keeps in the browser. */
  deviceId: string | undefined
}

type Endpoint = (deps: AuthDeps, call: AuthCall) => object | Promise<object>

/** By `<method> <path below /auth>`. */
export const endpoints: Record<string, Endpoint> = {
  'POST /v1/signin/anonymously': async ({ accounts, sessions, ids }, { deviceId }) =>
    sessions.open(await accounts.anonymous(deviceId ?? ids.hex(16))),

  async 'POST /v1/signin/custom'({ accounts, sessions, customLogin, clock }, { body }) {
    const { ticket } = read(z.object({ provider_id: z.literal('custom'), ticket: z.string() }), body)
    const { customUserId, refreshMs, expiresAtMs } = customLogin.checkTicket(ticket, clock.nowMs())
    const account = await accounts.custom(customUserId)
    return sessions.open(account, { accessMs: refreshMs, untilMs: expiresAtMs })
  },

  async 'POST /v1/signup'({ accounts, sessions }, { body }) {
    const { username, email, phone_number, password } = read(signUpSchema, body)
    const name = username ?? email ?? phone_number
    if (name === undefined) throw new AuthRefusal('invalid_argument', 'username, email or phone_number')
    const account = await accounts.register(name, password)
    if (!account) throw new AuthRefusal('already_exists', `${name} is taken`)
    return sessions.open(account)
  },

  async 'POST /v1/signin'({ accounts, sessions }, { body }) {
    const { username, password } = read(passwordSchema, body)
    const account = await accounts.findByPassword(username, password)
    if (!account) throw new AuthRefusal('invalid_username_or_password', 'wrong user name or password')
    return sessions.open(account)
  },

  'POST /v1/token'({ sessions }, { body }) {
    const { refresh_token } = read(refreshSchema, body)
    const credentials = sessions.refresh(refresh_token)
    // The SDK then forgets its login (oauth2client.ts, `_refreshToken`).
    if (!credentials)
      throw new AuthRefusal('invalid_grant', 'the refresh token has expired or does not exist')
    return credentials
  },

  'GET /v1/user/me': ({ sessions }, { bearer }) => profileOf(accountOf(sessions, bearer)),

  async 'POST /v1/revoke'({ sessions }, { body }) {
    await sessions.close(read(z.object({ token: z.string() }), body).token)
    return {}
  },

  async 'POST /v1/user/signout'({ sessions }, { bearer }) {
    accountOf(sessions, bearer)
    await sessions.close(bearer ?? '')
    return {}
  },
}

const name = z.string().min(1).max(64)
const password = z.string().min(6).max(64)
const passwordSchema = z.object({ username: name, password: z.string() })
const signUpSchema = z.object({
  username: name.optional(),
  email: name.optional(),
  phone_number: name.optional(),
  password,
})
const refreshSchema = z.object({ grant_type: z.literal('refresh_token'), refresh_token: z.string() })

function accountOf(sessions: Sessions, bearer: string | undefined): Account {
  const account = sessions.check(bearer ?? '')
  if (account === 'expired') throw new AuthRefusal('unauthenticated', 'the access token has expired')
  if (account === 'invalid') throw new AuthRefusal('unauthenticated', 'the access token is not valid')
  return account
}

/** What `auth.getUser()` reads; `anonymous` as a name is how it knows an anonymous user (auth `convertToUser`). */
function profileOf(account: Account): object {
  const { uid, loginType, customUserId, username, createdAtMs } = account
  return {
    sub: uid,
    name: loginType === 'ANONYMOUS' ? 'anonymous' : (username ?? customUserId ?? uid),
    username,
    loginType,
    customUserId,
    groups: [],
    providers: [],
    created_from: loginType.toLowerCase(),
    created_at: new Date(createdAtMs).toISOString(),
  }
}
