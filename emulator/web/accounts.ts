import { createHash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import type { Clock } from '../core/clock.ts'
import type { Client } from '../core/identity.ts'
import type { State } from '../core/state.ts'

/** Somebody who signed in on the web. */
export interface Account {
  uid: string
  loginType: NonNullable<Client['loginType']>
  /** The id that a custom-login ticket named. */
  customUserId?: string
  username?: string
  /** `salt:hash` in hex. */
  password?: string
  createdAtMs: number
}

export interface Accounts {
  find(uid: string): Account | undefined
  /** One device has one anonymous user, as on the platform (HTTP API, "anonymous sign-in"). */
  anonymous(deviceId: string): Promise<Account>
  custom(customUserId: string): Promise<Account>
  /** Undefined when the name is taken. */
  register(username: string, password: string): Promise<Account | undefined>
  /** Undefined when the name is unknown or the password is not its own. */
  findByPassword(username: string, password: string): Promise<Account | undefined>
}

export function createAccounts(deps: { state: State; clock: Clock; envId: string }): Accounts {
  const table = deps.state.table<Account>('web.accounts')
  // The same person has the same uid whatever happens to the data: nothing to look up, nothing to race for.
  const uidOf = (kind: string, id: string) =>
    createHash('sha256').update(`${deps.envId}\n${kind}\n${id}`).digest('hex').slice(0, 32)

  async function getOrCreate(uid: string, fresh: Omit<Account, 'uid' | 'createdAtMs'>): Promise<Account> {
    const known = table.get(uid)
    if (known) return known
    const account = { uid, ...fresh, createdAtMs: deps.clock.nowMs() }
    await table.put(uid, account)
    return account
  }

  const registering = new Set<string>()
  return {
    find: (uid) => table.get(uid),
    anonymous: (deviceId) => getOrCreate(uidOf('device', deviceId), { loginType: 'ANONYMOUS' }),
    custom: (customUserId) =>
      getOrCreate(uidOf('custom', customUserId), { loginType: 'CUSTOM', customUserId }),
    async register(username, password) {
      const uid = uidOf('username', username)
      if (table.get(uid) || registering.has(uid)) return undefined
      registering.add(uid)
      try {
        const hashed = await hashOf(password, randomBytes(16).toString('hex'))
        return await getOrCreate(uid, { loginType: 'USERNAME', username, password: hashed })
      } finally {
        registering.delete(uid)
      }
    },
    async findByPassword(username, password) {
      const account = table.get(uidOf('username', username))
      if (!account?.password) return undefined
      const [salt = ''] = account.password.split(':')
      const isRight = timingSafeEqual(
        Buffer.from(await hashOf(password, salt)),
        Buffer.from(account.password),
      )
      return isRight ? account : undefined
    },
  }
}

const derive = promisify<string, string, number, Buffer>(scrypt)

async function hashOf(password: string, salt: string): Promise<string> {
  return `${salt}:${(await derive(password, salt, 32)).toString('hex')}`
}
