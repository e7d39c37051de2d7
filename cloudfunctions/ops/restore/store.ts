import { type Context, refuse } from '../../_kernel/index.ts'
import { type Restore, restores } from './model.ts'

/** Writes `next` if nobody else went on meanwhile; else refuses STALE. */
export async function replace(ctx: Context, before: Restore, next: Restore): Promise<Restore> {
  await ctx.db.putIf(restores, next, { state: before.state, version: before.version })
  return next
}

export async function getRestore(ctx: Context, restoreId: string): Promise<Restore> {
  return (await ctx.db.find(restores, restoreId)) ?? refuse('NOT_FOUND', { restoreId })
}
