import { type Identity, openidOf } from '../core/identity.ts'
import type { State } from '../core/state.ts'

export interface User {
  name: string
  openid: string
}

/** The people who hold the phones: a name is enough to be one, and keeps its openid for ever. */
export interface Users {
  /** Undefined when `name` cannot be a name. */
  identityOf(name: string): Identity | undefined
  list(): User[]
}

/** Known from the start; `admin` is the operator. */
const DEMO_USERS = ['buyer1', 'buyer2', 'author1', 'manager1', 'admin']

const userName = /^[A-Za-z0-9_.-]{1,64}$/

export function createUsers(deps: { state: State; appid: string }): Users {
  const table = deps.state.table<{ name: string }>('users')
  const toUser = (name: string): User => ({ name, openid: openidOf(deps.appid, name) })
  return {
    identityOf(name) {
      if (!userName.test(name)) return undefined
      // Not awaited, and lost without harm: the openid follows from the name.
      if (!DEMO_USERS.includes(name) && !table.get(name)) table.put(name, { name }).catch(() => undefined)
      return { openid: openidOf(deps.appid, name), appid: deps.appid, clientIp: '127.0.0.1' }
    },
    list: () => [...DEMO_USERS, ...table.entries().map(([name]) => name)].map(toUser),
  }
}
