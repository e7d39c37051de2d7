import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { draftOrder, type OrderAction, orderStatus, transition, transitions } from './model.ts'

const line = { productId: 'p', title: 'Mug', skuTitle: '', coverFileId: '' }
const unpaid = draftOrder({
  orderId: 'ord_1',
  userId: 'buyer',
  kind: 'normal',
  lines: [
    { ...line, skuId: 'a', quantity: 3, priceFen: 199 },
    { ...line, skuId: 'b', quantity: 1, priceFen: 1 },
  ],
  address: null,
  nowMs: 1_000,
  payBeforeMs: 1_500,
})
const actions = [...new Set(transitions.map(([, action]) => action))]

describe('an order', () => {
  it('costs the sum of its lines', () => {
    expect(unpaid).toMatchObject({ payableFen: 598, payBeforeMs: 1_500, status: 'unpaid', version: 1 })
  })

  it('changes only as the table says, and keeps count and history of it', () => {
    for (const from of orderStatus.options) {
      for (const action of actions) {
        const row = transitions.find(([status, name]) => status === from && name === action)
        const change = () => transition({ ...unpaid, status: from }, action, { atMs: 2_000, by: 'x' })
        if (!row)
          expect(change, `${from} ${action}`).toThrow(expect.objectContaining({ error: 'ORDER_STATE' }))
        else {
          expect(change()).toMatchObject({ status: row[2], version: 2, updatedAtMs: 2_000 })
          expect(change().history.at(-1)).toEqual({ atMs: 2_000, action, by: 'x' })
        }
      }
    }
  })

  it('never comes back to life once it is closed or refunded', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('closed' as const, 'refunded' as const),
        fc.array(fc.constantFrom(...actions)),
        (from, tried) => {
          const end = tried.reduce<typeof unpaid>((order, action) => tryTransition(order, action), {
            ...unpaid,
            status: from,
          })
          expect(end.status).toBe(from)
        },
      ),
    )
  })
})

function tryTransition(order: typeof unpaid, action: OrderAction): typeof unpaid {
  try {
    return transition(order, action, { atMs: 1, by: 'x' })
  } catch {
    return order
  }
}
