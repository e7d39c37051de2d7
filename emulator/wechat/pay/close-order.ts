import { findPaymentKey, getPayment, type PayApi } from './api.ts'
import { closeOrderFields, parseFields } from './fields.ts'
import { isPaid, tradeStateOf } from './model.ts'
import { orderClosed, orderPaid } from './refusals.ts'

/** `closeOrder`: from here on the user cannot pay. A paid order stays paid. */
export const closeOrder: PayApi = async (given, _caller, ctx) => {
  const fields = parseFields(closeOrderFields, given)
  const key = findPaymentKey(fields, ctx.book)
  await ctx.serially(key ?? '', async () => {
    const payment = getPayment(key, ctx.book)
    if (isPaid(payment)) throw orderPaid()
    if (tradeStateOf(payment, ctx.clock.nowMs()) === 'CLOSED') throw orderClosed()
    await ctx.book.put({ ...payment, state: 'CLOSED' })
  })
  return { subMchId: fields.sub_mch_id, fields: {} }
}
