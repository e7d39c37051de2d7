/** What is kept about a person here: that their orders moved goods. */
import type { Context } from '../_kernel/index.ts'
import { movements } from './stock/model.ts'

const MOST = 1_000

/** One database request. */
export async function exportUser(ctx: Context, userId: string): Promise<Record<string, unknown>> {
  return { stock_movements: await ctx.db.query(movements, { where: { by: userId }, limit: MOST }) }
}

/** The ledger keeps its lines and sums; who caused them is forgotten. One database request. */
export async function eraseUser(ctx: Context, userId: string): Promise<void> {
  await ctx.db.updateMany(movements, { by: userId }, { by: 'erased' })
}
