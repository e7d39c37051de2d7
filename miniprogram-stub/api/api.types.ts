import { api } from './index'

/**
 * What the compiler must refuse and what it must know; checked by `tsc -p miniprogram-stub`, never run. A
 * `@ts-expect-error` without an error below it is an error itself.
 */
export async function checkedByTheCompiler(): Promise<void> {
  const order = await api.order.create({ items: [{ skuId: 'sku', quantity: 2 }], addressId: 'addr' })
  same<number>()(order.payableFen)
  same<string>()(order.orderId)
  // @ts-expect-error the reply has no such field
  order.totalFen
  // @ts-expect-error a quantity is a number
  await api.order.create({ items: [{ skuId: 'sku', quantity: '2' }], addressId: 'addr' })
  // @ts-expect-error the server sets the price
  await api.order.create({ items: [{ skuId: 'sku', quantity: 1, priceFen: 1 }], addressId: 'addr' })
  // @ts-expect-error an address is needed
  await api.order.create({ items: [{ skuId: 'sku', quantity: 2 }] })
  // @ts-expect-error there is no such route
  await api.order.destroy({ orderId: 'ord' })
  // @ts-expect-error there is no such function
  await api.coupons.list()
  // @ts-expect-error this route needs an input
  await api.order.detail()

  // An input with nothing but defaults may be left out, and a default of the schema is optional here.
  const page = await api.catalog.list()
  await api.catalog.list({ sort: 'sales' })
  // @ts-expect-error not one of the ways to sort
  await api.catalog.list({ sort: 'random' })
  same<string | null>()(page.nextCursor)
  const [card] = page.items
  // An optional field stays optional; null stays null.
  same<string | undefined>()(card?.coverUrl)
  if (card) same<string | null>()(card.coverFileId)

  const { status, afterSale } = await api.order.detail({ orderId: 'ord' })
  same<'unpaid' | 'paid' | 'shipped' | 'completed' | 'closed' | 'refunded'>()(status)
  if (afterSale) same<string | null>()(afterSale.answer)
  // @ts-expect-error who in the shop decided is not for buyers
  afterSale?.decidedBy

  const sale = await api.flashsale.detail({ saleId: 'sale' })
  same<'coming' | 'running' | 'ended'>()(sale.phase)
  const { payment } = await api.payment.prepare({ orderId: 'ord' })
  same<string>()(payment.paySign)
}

/** Takes a value of exactly this type, neither wider nor narrower. */
function same<Expected>() {
  return <Actual>(
    _value: Actual & ([Expected, Actual] extends [Actual, Expected] ? unknown : never),
  ): void => {}
}
