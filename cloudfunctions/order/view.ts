/** What a buyer sees of an order: everything but who in the shop did what. */
import type { Order } from './model.ts'

export function forBuyer(order: Order) {
  const { _openid, version, history, afterSale, afterSaleStatus, saleId, hotId, ...rest } = order
  return {
    ...rest,
    orderId: order._id,
    afterSale: afterSale && afterSaleForBuyer(afterSale),
    history: history.map(({ atMs, action }) => ({ atMs, action })),
  }
}

export function afterSaleForBuyer({ decidedBy, requestHash, ...rest }: NonNullable<Order['afterSale']>) {
  return rest
}
