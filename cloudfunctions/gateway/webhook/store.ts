import { type Context, collection, defineCache, type Where } from '../../_kernel/index.ts'
import { type Delivery, deliverySchema, type Endpoint, endpointSchema } from './model.ts'

export const webhookEndpoints = collection('webhook_endpoints', endpointSchema)
export const webhookDeliveries = collection('webhook_deliveries', deliverySchema)

const ALL = 'all'
const ENDPOINTS_READ = 1_000
const cache = defineCache<Endpoint[]>({ name: 'webhook-endpoints', ttlMs: 60_000, max: 1, shared: true })

/** Kept for a minute by every instance that emits events; a change is known everywhere within 15 seconds. */
export function activeEndpoints(ctx: Context): Promise<Endpoint[]> {
  return cache.get(ctx, ALL, () =>
    ctx.db.query(webhookEndpoints, { where: { status: 'active' }, limit: ENDPOINTS_READ }),
  )
}

export function forgetEndpoints(ctx: Context): Promise<void> {
  return cache.invalidate(ctx, ALL)
}

export async function disableEndpointsOf(ctx: Context, partnerId: string): Promise<void> {
  const change = { status: 'disabled' as const, updatedAtMs: ctx.clock.nowMs() }
  await ctx.db.updateMany(webhookEndpoints, { partnerId, status: 'active' }, change)
  await forgetEndpoints(ctx)
}

/** Newest first. One database request. */
export async function deliveryPage(
  ctx: Context,
  where: Where<Delivery>,
  { cursor, size }: { cursor?: string; size: number },
) {
  const page = await ctx.db.page(webhookDeliveries, { where, orderBy: ['createdAtMs', 'desc'], cursor, size })
  return {
    items: page.items.map(({ _id, stream, position, payload, expiresAtMs, ...rest }) => ({
      deliveryId: _id,
      ...rest,
    })),
    nextCursor: page.nextCursor,
  }
}
