import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compact, entry, type Fold, fold } from './log.ts'

const stockWith = (log: string[], units = 5, perUser = 2, hotId = 'sale_a') => ({
  hotId,
  units,
  perUser,
  log,
})

const orders = ['o1', 'o2', 'o3', 'o4', 'o5', 'o6']
/** An order belongs to one user and asks for one quantity; sometimes a client cheats. */
const anyEntry = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .tuple(fc.constantFrom(...orders), fc.integer({ min: 1, max: 3 }), fc.nat(50))
      .map(([orderId, quantity, atMs]) =>
        entry.ask(orderId, `user${Number(orderId[1]) % 3}`, quantity, atMs),
      ),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(...orders), fc.nat(50))
      .map(([orderId, atMs]) => entry.ask(orderId, '', 1, atMs)),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom(...orders), fc.option(fc.nat(50), { nil: undefined }))
      .map(([orderId, asOfMs]) => entry.release(orderId, asOfMs)),
  },
  { weight: 1, arbitrary: fc.constantFrom(...orders).map(entry.settle) },
)
const anyLog = fc.array(anyEntry, { maxLength: 40 })
const anyHotId = fc.constantFrom('sale_a', 'sale_b-4')

function sums({ reservations }: Fold): { units: number; byUser: Map<string, number> } {
  const byUser = new Map<string, number>()
  let units = 0
  for (const reservation of reservations.values()) {
    if (reservation.status === 'released') continue
    units += reservation.units
    const { userKey } = reservation
    if (userKey !== '') byUser.set(userKey, (byUser.get(userKey) ?? 0) + reservation.quantity)
  }
  return { units, byUser }
}

describe('the log of a hot stock', () => {
  it('gives units to whoever asked first, and none beyond them', () => {
    const asks = ['a', 'b', 'c'].map((user) => entry.ask(`o-${user}`, user, 2, 1))
    expect(fold(stockWith(asks.slice(0, 2))).lastOutcome).toBe('taken')
    expect(fold(stockWith(asks)).lastOutcome).toBe('sold-out')
    expect(fold(stockWith(asks)).left).toBe(1)
  })

  it('answers a repeat as the first time, and another quantity under the same order as reused', () => {
    const log = [entry.ask('o1', 'a', 2, 1), entry.ask('o1', 'a', 2, 2)]
    expect(fold(stockWith(log))).toMatchObject({ lastOutcome: 'taken', left: 3 })
    expect(fold(stockWith([...log, entry.ask('o1', 'a', 1, 3)])).lastOutcome).toBe('reused')
  })

  it('holds a user to the limit over several orders', () => {
    const log = [entry.ask('o1', 'a', 1, 1), entry.ask('o2', 'a', 2, 2)]
    expect(fold(stockWith(log)).lastOutcome).toBe('limit-reached')
  })

  it('frees released units for those who ask later, and never again for the same order', () => {
    const log = [entry.ask('o1', 'a', 5, 1), entry.ask('o2', 'b', 1, 2), entry.release('o1')]
    expect(fold(stockWith(log, 5, 5))).toMatchObject({ left: 5 })
    expect(fold(stockWith([...log, entry.ask('o2', 'b', 1, 3)], 5, 5)).lastOutcome).toBe('taken')
    expect(fold(stockWith([...log, entry.ask('o1', 'a', 5, 3)], 5, 5)).lastOutcome).toBe('released')
  })

  it('keeps units that were asked for again after the time the sweeper looked', () => {
    const log = [entry.ask('o1', 'a', 1, 10), entry.ask('o1', 'a', 1, 30), entry.release('o1', 10)]
    expect(fold(stockWith(log)).left).toBe(4)
    expect(fold(stockWith([...log, entry.release('o1', 30)])).left).toBe(5)
  })

  it('does not release what is paid', () => {
    const log = [entry.ask('o1', 'a', 1, 1), entry.settle('o1'), entry.release('o1')]
    expect(fold(stockWith(log))).toMatchObject({ left: 4 })
  })

  it('lets a home shard without units count a claim against the limit', () => {
    const log = [entry.ask('o1', 'a', 1, 1), entry.ask('o2', 'b', 2, 2), entry.ask('o3', 'b', 1, 3)]
    const state = fold(stockWith(log, 1, 2, 'sale_b-4'))
    expect(state.reservations.get('o2')).toMatchObject({ units: 0, status: 'held' })
    expect(state.lastOutcome).toBe('limit-reached')
  })

  it('never gives more than it has, nor a user more than the limit, whatever is appended', () => {
    fc.assert(
      fc.property(
        anyLog,
        fc.nat(6),
        fc.integer({ min: 1, max: 4 }),
        anyHotId,
        (log, units, perUser, hotId) => {
          const state = fold(stockWith(log, units, perUser, hotId))
          const { units: given, byUser } = sums(state)
          expect(state.left).toBe(units - given)
          expect(state.left).toBeGreaterThanOrEqual(0)
          for (const quantity of byUser.values()) expect(quantity).toBeLessThanOrEqual(perUser)
        },
      ),
    )
  })

  it('never takes an answer back: what was taken stays so until it is released', () => {
    fc.assert(
      fc.property(anyLog, anyEntry, (log, next) => {
        const before = fold(stockWith(log)).reservations
        const after = fold(stockWith([...log, next])).reservations
        for (const [orderId, { status, units }] of before) {
          const now = after.get(orderId)
          expect(now?.units).toBe(units)
          if (now?.status !== status) expect(status).toBe('held')
        }
      }),
    )
  })

  it('means the same after compaction, also for everything appended later', () => {
    fc.assert(
      fc.property(anyLog, anyLog, fc.nat(6), anyHotId, (log, later, units, hotId) => {
        const short = compact(stockWith(log, units, 2, hotId), 0)
        for (let length = 0; length <= later.length; length++) {
          const appended = later.slice(0, length)
          const whole = fold(stockWith([...log, ...appended], units, 2, hotId))
          const compacted = fold(stockWith([...short, ...appended], units, 2, hotId))
          expect(compacted.left).toBe(whole.left)
          expect(sums(compacted)).toEqual(sums(whole))
          if (length > 0 && appended.at(-1)?.startsWith('o')) {
            expect(compacted.lastOutcome).toBe(whole.lastOutcome)
          }
        }
      }),
    )
  })
})
