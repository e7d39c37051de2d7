/**
 * What partners can be told about: events that others react to anyway, so that recording them costs nothing more. Listed
 * in the order in which one order can have them.
 */
import type { EventType, Permission } from '../../_kernel/index.ts'
import {
  afterSaleApproved,
  orderClosed,
  orderCompleted,
  orderPaid,
  orderShipped,
} from '../../order/public.ts'
import { refundSucceeded } from '../../payment/public.ts'

interface WebhookEvent {
  /** What happens to one order is told in the order in which it happened. */
  event: EventType<{ orderId: string }>
  /** The scope that lets a partner read the same by itself. */
  needs: Permission
}

export const webhookEvents: readonly WebhookEvent[] = [
  { event: orderPaid, needs: 'order:read' },
  { event: orderShipped, needs: 'order:read' },
  { event: orderCompleted, needs: 'order:read' },
  { event: orderClosed, needs: 'order:read' },
  { event: afterSaleApproved, needs: 'order:read' },
  { event: refundSucceeded, needs: 'payment:read' },
]

/** The place of an event among those of its order, whatever the order in which they come to be known. */
export function positionOf(name: string, occurredAtMs: number): number {
  return occurredAtMs * webhookEvents.length + webhookEvents.findIndex(({ event }) => event.name === name)
}

export function findWebhookEvent(name: string): WebhookEvent | undefined {
  return webhookEvents.find(({ event }) => event.name === name)
}
