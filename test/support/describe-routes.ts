import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type * as z from 'zod'
import type { Route, Routes } from '../../cloudfunctions/_kernel/index.ts'
import { builtInRoles } from '../../cloudfunctions/user/public.ts'
import type { Caller, Reply } from './caller.ts'
import { type UnitCloud, unitCloud } from './unit.ts'

/** For each route one input that it takes, with every field. Nothing that it names need exist: all calls here are refused. */
export type InputsOf<R extends Routes> = { [K in keyof R]: z.input<R[K]['input']> }

/** What can never be an input, and what a query would take for an operator where a plain value is expected. */
const NO_INPUT = ['text', 7, true, []]
const OPERATOR = { $gt: '' }

/**
 * Every route of a function keeps what it declares: who may call it, how often, with which input and with a request id.
 * What its handler refuses has tests of its own.
 */
export function describeRoutes<R extends Routes>(
  functionName: string,
  routes: R,
  inputs: InputsOf<R>,
  { refusesUnknownFields = false } = {},
): void {
  const rows = Object.entries<Route>(routes).map(([key, route]) => {
    // An input of the route itself: the compiler has checked the table as a whole.
    const input = inputs[key] as Record<string, unknown>
    return { name: `${functionName}/${key}`, route, input }
  })
  type Row = (typeof rows)[number]

  let cloud: UnitCloud
  beforeAll(async () => {
    cloud = await unitCloud()
    await cloud.as('banned').ok('user/login')
    await cloud.as('admin').ok('user/ban', { userId: cloud.openid('banned'), reason: 'test' })
  })
  beforeEach(() => cloud.restartFunctions())

  /** Each role to a user of its name; anew each time, because some routes take roles away. */
  async function giveRoles(): Promise<void> {
    for (const { _id: role, permissions, title } of builtInRoles) {
      const openid = cloud.openid(role)
      await cloud.collection('roles').remove(role)
      await cloud.collection('roles').insert({ _id: role, title, permissions, updatedAtMs: 0 })
      await cloud.collection('grants').remove(openid)
      await cloud.collection('grants').insert({ _id: openid, roles: [role], updatedAtMs: 0 })
    }
  }

  async function refusedToAdmin({ name }: Row, data: unknown): Promise<string> {
    cloud.restartFunctions() // so that no limit is reached
    return cloud.as('admin').refused(name, data)
  }

  describe(`every route of ${functionName}`, () => {
    it.each(rows)('$name refuses input of another shape', async (row) => {
      expect(row.route.input.safeParse(row.input).error).toBeUndefined()
      const wrong = [
        ...NO_INPUT,
        ...Object.keys(row.input).map((field) => ({ ...row.input, [field]: OPERATOR })),
        ...(refusesUnknownFields ? [{ ...row.input, surprise: 1 }] : []),
      ]
      for (const data of wrong)
        expect([data, await refusedToAdmin(row, data)]).toEqual([data, 'INVALID_INPUT'])
    })

    table(
      ({ input }) => 'size' in input,
      '$name refuses a cursor that it did not give',
      async (row) => {
        expect(await refusedToAdmin(row, { ...row.input, cursor: 'forged' })).toBe('INVALID_INPUT')
      },
    )

    table(
      ({ route }) => route.idempotent,
      '$name wants a request id',
      async ({ name, input }) => {
        expect(await cloud.as('admin').refused(name, input, { requestId: null })).toBe('REQUEST_ID_REQUIRED')
      },
    )

    table(
      ({ route }) => route.access !== 'public',
      '$name wants a user',
      async ({ name, input }) => {
        expect(await cloud.asFunction().refused(name, input)).toBe('UNAUTHENTICATED')
      },
    )

    table(
      ({ route }) => route.access !== 'public' && !route.bansCheckedLater,
      '$name refuses whoever is banned',
      async ({ name, input }) => {
        expect(await cloud.as('banned').refused(name, input)).toBe('USER_BANNED')
      },
    )

    table(
      ({ route }) => route.access.includes(':'),
      '$name refuses users without its permission',
      async ({ name, input }) => {
        expect(await cloud.as('buyer1').refused(name, input)).toBe('FORBIDDEN')
      },
    )

    it.each(rows)('$name lets in exactly whom its access names: nobody, a user, each role', async (row) => {
      const { name, route, input } = row
      await giveRoles()
      const decided: Record<string, Decision> = {}
      const expected: Record<string, Decision> = {}
      const ask = async (who: string, caller: Caller) => {
        const reply = await caller.call(name, input)
        // An input that it takes may be refused for a hundred reasons; it never is a fault of ours.
        expect([who, reply]).not.toMatchObject([who, { error: 'INTERNAL' }])
        decided[who] = decisionOf(reply, route)
      }
      await ask('nobody', cloud.asFunction())
      expected.nobody = mayCall(route)
      await ask('a user', cloud.as('stranger'))
      expected['a user'] = mayCall(route, [])
      for (const { _id, permissions } of builtInRoles) {
        await ask(_id, cloud.as(_id))
        expected[_id] = mayCall(route, permissions)
      }
      expect(decided).toEqual(expected)
    })

    table(
      ({ route }) => route.rateLimit,
      '$name is limited per user',
      async ({ name, route }) => {
        const { limit = 0, perMs = 0 } = route.rateLimit ?? {}
        const call = (user: string) => cloud.as(user).refused(name, 'nothing that it takes')
        for (let made = 0; made < limit; made += 1) expect(await call('buyer1')).toBe('INVALID_INPUT')
        expect(await call('buyer1')).toBe('TOO_MANY_REQUESTS')
        expect(await call('buyer2')).toBe('INVALID_INPUT')
        await cloud.clock.advance(perMs)
        expect(await call('buyer1')).toBe('INVALID_INPUT')
      },
    )
  })

  function table(isMeant: (row: Row) => unknown, title: string, check: (row: Row) => Promise<void>): void {
    const meant = rows.filter(isMeant)
    if (meant.length > 0) it.each(meant)(title, check)
  }
}

/** What the guard at the door said; what the route itself says to such an input comes after that. */
type Decision = 'in' | 'kept out' | 'unknown'

function decisionOf(reply: Reply, { access }: Route): Decision {
  if (!('error' in reply)) return 'in'
  if (reply.error === 'UNAUTHENTICATED') return 'unknown'
  return reply.error === 'FORBIDDEN' && reply.details?.needs === access ? 'kept out' : 'in'
}

/** @param permissions of a user; nobody when not given, which here is a function on nobody's behalf. */
function mayCall({ access }: Route, permissions?: readonly string[]): Decision {
  if (access === 'public') return 'in'
  if (access === 'timer') return 'kept out'
  if (access === 'internal') return permissions === undefined ? 'in' : 'kept out'
  if (permissions === undefined) return 'unknown'
  return access === 'user' || permissions.includes('*') || permissions.includes(access) ? 'in' : 'kept out'
}
