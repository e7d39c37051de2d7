import { describe, expect, it } from 'vitest'
import { type Attempt, afterAttempt, type Delivery, MAX_ATTEMPTS } from './model.ts'

const HOUR_MS = 3_600_000
const fresh: Delivery = {
  _id: 'whd_1',
  endpointId: 'whe_1',
  partnerId: 'ptn_1',
  stream: 'whs_1',
  eventId: 'evt_1',
  type: 'order.paid',
  payload: {},
  occurredAtMs: 0,
  position: 0,
  status: 'pending',
  attempts: 0,
  dueAtMs: 0,
  log: [],
  createdAtMs: 0,
}
const attempt = (httpStatus: number | null): Attempt => ({ atMs: 0, httpStatus, error: null, durationMs: 1 })

describe('afterAttempt', () => {
  it('waits longer each time and ends after a day', () => {
    let delivery = fresh
    const waits: number[] = []
    for (let nowMs = 0; delivery.status === 'pending'; nowMs = delivery.dueAtMs) {
      delivery = { ...delivery, ...afterAttempt(delivery, attempt(500), nowMs) }
      waits.push(delivery.dueAtMs - nowMs)
    }
    expect(delivery).toMatchObject({ status: 'dead', attempts: MAX_ATTEMPTS, dueAtMs: 24 * HOUR_MS })
    expect(waits.slice(0, -1)).toEqual(waits.slice(0, -1).toSorted((a, b) => a - b))
  })

  it.each([
    [200, 'delivered'],
    [204, 'delivered'],
    [301, 'pending'],
    [400, 'pending'],
    [410, 'dead'],
    [null, 'pending'],
  ])('takes %s for %s', (httpStatus, status) => {
    expect(afterAttempt(fresh, attempt(httpStatus), 0).status).toBe(status)
  })

  it('keeps the last twenty attempts of one that is replayed over and over', () => {
    let delivery = fresh
    for (let n = 0; n < 30; n++) delivery = { ...delivery, ...afterAttempt(delivery, attempt(500 + n), 0) }
    expect(delivery.log.map(({ httpStatus }) => httpStatus)).toEqual(
      Array.from({ length: 20 }, (_, n) => 510 + n),
    )
  })
})
