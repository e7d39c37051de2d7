import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type * as z from 'zod'
import type { Route, Routes } from '../../cloudfunctions/_kernel/index.ts'
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
