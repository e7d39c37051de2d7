import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Reply } from '../support/caller.ts'
import { openShop, type ShopFloor, UNITS } from './shop-floor.ts'

/** Clients try again, and networks deliver twice: through the real SDK, ten at a time. */
describe('requests that come ten times', () => {
  let shop: ShopFloor
  beforeAll(async () => {
    shop = await openShop()
  })
  afterAll(() => shop.cloud.stop())

  it('have one effect and one reply each, for two users with two requests each', async () => {
    const requests = ['buyer1', 'buyer2'].flatMap((buyer) => [
      { buyer, requestId: `${buyer}-request-1`, quantity: 1 },
      { buyer, requestId: `${buyer}-request-2`, quantity: 2 },
    ])
    const send = ({ buyer, requestId, quantity }: (typeof requests)[number]): Promise<Reply> => {
      const input = { items: [{ skuId: shop.skuId, quantity }], addressId: shop.addressOf.get(buyer) }
      return shop.cloud.as(buyer).call('order/create', input, { requestId })
    }
    const repeated = Array.from({ length: 10 }, () => requests).flat()
    const replies = await Promise.all(
      repeated.map(async (request) => ({ request, reply: await send(request) })),
    )

    for (const request of requests) {
      const own = replies.filter((entry) => entry.request === request).map(({ reply }) => reply)
      // BUSY is an honest answer under this load; the client tries again until it is through.
      const settled = await Promise.all(
        own.map((reply) => ('error' in reply && reply.error === 'BUSY' ? send(request) : reply)),
      )
      expect(settled[0]).toMatchObject({ code: 0 })
      for (const reply of settled) expect(reply).toEqual(settled[0])
    }
    expect(await shop.cloud.collection('orders').all()).toHaveLength(4)
    expect(await shop.stock()).toEqual({ onHand: UNITS, reserved: 6, sold: 0 })
  })

  it('are refused when the input changed', async () => {
    const input = { items: [{ skuId: shop.skuId, quantity: 9 }], addressId: shop.addressOf.get('buyer1') }
    const reply = await shop.cloud.as('buyer1').call('order/create', input, { requestId: 'buyer1-request-1' })
    expect(reply).toMatchObject({ code: 1010, error: 'REQUEST_ID_REUSED' })
    expect(await shop.stock()).toEqual({ onHand: UNITS, reserved: 6, sold: 0 })
  })
})
