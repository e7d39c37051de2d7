import * as z from 'zod'
import { type Context, defineRoute, idInput, refuse } from '../../_kernel/index.ts'
import { webhookDeliveries } from './store.ts'

const input = z.strictObject({ deliveryId: idInput })

/** gateway/replayOwnDelivery: sends a webhook again that was delivered or given up, under its old `webhook-id`. */
export const replayOwnDelivery = defineRoute({
  summary: 'Sends a webhook to you again',
  input,
  access: 'webhook:manage',
  handle: ({ deliveryId }, ctx) => replay(ctx, deliveryId, ctx.userId),
})

/** gateway/replayDelivery: the same for operators. */
export const replayDelivery = defineRoute({
  summary: 'Sends a webhook to a partner again',
  input,
  access: 'partner:manage',
  audit: { action: 'partner.replay-delivery', subject: ({ deliveryId }) => deliveryId },
  handle: ({ deliveryId }, ctx) => replay(ctx, deliveryId, undefined),
})

/** Refuses DELIVERY_STATE for one that is on its way anyhow. It goes out as if it were new, behind what is before it. */
async function replay(ctx: Context, deliveryId: string, partnerId: string | undefined) {
  const delivery = await ctx.db.get(webhookDeliveries, deliveryId)
  if (partnerId !== undefined && delivery.partnerId !== partnerId) refuse('NOT_FOUND', { deliveryId })
  if (delivery.status === 'pending') refuse('DELIVERY_STATE', { deliveryId, status: delivery.status })
  const revived = await ctx.db.updateIf(
    webhookDeliveries,
    deliveryId,
    { status: delivery.status },
    { status: 'pending', attempts: 0, dueAtMs: ctx.clock.nowMs(), expiresAtMs: undefined },
  )
  if (!revived) refuse('STALE', { deliveryId })
  return { deliveryId, status: 'pending' as const }
}
