/**
 * How stock reacts to orders and refunds. The events are read by the few fields that matter here instead of imported:
 * `order` builds on `inventory`, never the other way round.
 */
import * as z from 'zod'
import { type Consumer, defineConsumer, defineEvent, text } from '../_kernel/index.ts'
import { releaseStock, returnStock, settleSold } from './stock/hold.ts'

const lines = z.array(z.object({ skuId: text, quantity: z.int().min(1) }))
const orderFacts = z.object({ orderId: text, kind: text, lines })
const refundFacts = z.object({ refundId: text, returnGoods: z.boolean(), lines })

const settle = defineConsumer(
  'inventory.settle-sold',
  defineEvent('order.paid', orderFacts),
  async (event, ctx) => {
    const { orderId, kind, lines } = event.payload
    if (kind === 'normal') await ctx.transaction((tx) => settleSold(tx, orderId, lines))
  },
)

const release = defineConsumer(
  'inventory.release',
  defineEvent('order.closed', orderFacts),
  async (event, ctx) => {
    const { orderId, kind, lines } = event.payload
    if (kind === 'normal') await ctx.transaction((tx) => releaseStock(tx, orderId, lines))
  },
)

const takeBack = defineConsumer(
  'inventory.return',
  defineEvent('refund.succeeded', refundFacts),
  async (event, ctx) => {
    const { refundId, returnGoods, lines } = event.payload
    if (returnGoods) await ctx.transaction((tx) => returnStock(tx, refundId, lines))
  },
)

export const consumers: Consumer[] = [settle, release, takeBack]
