/** What happens to money. Names and payloads are stored: change them only by adding. */
import * as z from 'zod'
import { defineEvent, text } from '../_kernel/index.ts'

const facts = z.object({
  /** Our `outRefundNo`. */
  refundId: text,
  orderId: text,
  userId: text,
  kind: z.enum(['normal', 'flash']),
  hotId: z.string().optional(),
  refundFen: z.int(),
  reason: text,
  /** The goods that come back; empty unless `returnGoods`. */
  returnGoods: z.boolean(),
  lines: z.array(z.object({ skuId: text, quantity: z.int() })),
})

/** `full`: with this refund, all that was paid is back. */
export const refundSucceeded = defineEvent('refund.succeeded', facts.extend({ full: z.boolean() }))
/** WeChat refused for good; an operator has to look. */
export const refundFailed = defineEvent('refund.failed', facts.extend({ failure: z.string() }))
