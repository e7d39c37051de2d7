import {
  type Consumer,
  type Context,
  type DomainEvent,
  defineConsumer,
  derivedId,
} from '../../_kernel/index.ts'
import { positionOf, webhookEvents } from './events.ts'
import { activeEndpoints, webhookDeliveries } from './store.ts'

/** Each event becomes a delivery for each endpoint that wants it; the scheduler sends them. */
export const consumers: Consumer[] = webhookEvents.map(({ event }) =>
  defineConsumer(`gateway.webhook-${event.name}`, event, enqueue),
)

/** No request when nobody wants the event and the endpoints are known, one for each endpoint that does. */
async function enqueue(event: DomainEvent<{ orderId: string }>, ctx: Context): Promise<void> {
  const nowMs = ctx.clock.nowMs()
  for (const { _id: endpointId, partnerId, events } of await activeEndpoints(ctx)) {
    if (!events.includes(event.type)) continue
    await ctx.db.insertIfAbsent(webhookDeliveries, {
      _id: derivedId('whd', event.id, endpointId),
      endpointId,
      partnerId,
      stream: derivedId('whs', endpointId, event.payload.orderId),
      eventId: event.id,
      type: event.type,
      payload: event.payload,
      occurredAtMs: event.occurredAtMs,
      position: positionOf(event.type, event.occurredAtMs),
      status: 'pending',
      attempts: 0,
      dueAtMs: nowMs,
      log: [],
      createdAtMs: nowMs,
    })
  }
}
