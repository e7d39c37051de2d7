/** What is kept about a person here, given out or taken away on their request. */
import type { Context } from '../_kernel/index.ts'
import { partners } from './partner/model.ts'
import { webhookDeliveries } from './webhook/store.ts'

const ERASED = 'erased'
const SHOWN = 1_000

/** One database request. */
export async function exportUser(ctx: Context, userId: string): Promise<Record<string, unknown>> {
  const told = await ctx.db.query(webhookDeliveries, { where: { 'payload.userId': userId }, limit: SHOWN })
  return { webhook_deliveries: told }
}

/** What partners were told stays with them; here nothing tells of it any more. Two database requests. */
export async function eraseUser(ctx: Context, userId: string): Promise<void> {
  await ctx.db.removeMany(webhookDeliveries, { 'payload.userId': userId })
  await ctx.db.updateMany(partners, { createdBy: userId }, { createdBy: ERASED })
}
