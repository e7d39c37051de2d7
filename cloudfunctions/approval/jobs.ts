/** What happens to approvals without anybody asking. The scheduler runs these; each approval changes in a transaction of its own. */
import { AppError, type Context, command } from '../_kernel/index.ts'
import { drive } from './instance/drive.ts'
import { instances, tasks } from './instance/store.ts'
import { leavers } from './leavers.ts'
import type { Action, Effect } from './machine/command.ts'
import type { Instance } from './machine/state.ts'
import { callWebhook } from './webhook.ts'

/** Whoever was being asked at the very moment of leaving is found by a later run. */
const LEAVER_KEPT_MS = 600_000

/** Moves approvals whose time has come: timeouts, delays, webhooks. Returns how many. */
export async function moveDueApprovals(ctx: Context, limit: number): Promise<number> {
  const due = await ctx.db.query(instances, {
    where: { status: 'running', dueAtMs: command.lte(ctx.clock.nowMs()) },
    orderBy: [['dueAtMs', 'asc']],
    limit,
  })
  return forEach(ctx, due, async ({ _id }) => {
    const { instance, effects } = await change(ctx, _id, { kind: 'tick' })
    for (const effect of effects) if (effect.kind === 'call') await call(ctx, instance, effect)
  })
}

/** Gives the tasks of people who left to others. Returns how many approvals changed. */
export async function replaceLeavers(ctx: Context, limit: number): Promise<number> {
  const found = await ctx.db.query(leavers, { orderBy: [['leftAtMs', 'asc']], limit })
  let changed = 0
  for (const { _id: userId, leftAtMs, managers } of found) {
    const open = await ctx.db.query(tasks, {
      where: { _openid: userId, box: command.in(['todo', 'waiting']) },
      limit,
    })
    const ids = [...new Set(open.map(({ instanceId }) => instanceId))].map((_id) => ({ _id }))
    changed += await forEach(ctx, ids, ({ _id }) => change(ctx, _id, { kind: 'leave', userId, managers }))
    if (open.length === 0 && leftAtMs + LEAVER_KEPT_MS <= ctx.clock.nowMs())
      await ctx.db.remove(leavers, userId)
  }
  return changed
}

function change(ctx: Context, instanceId: string, action: Action) {
  return ctx.transaction(async (tx) =>
    drive(tx, await tx.get(instances, instanceId), { action, by: 'timer' }),
  )
}

/** The call was taken up by the tick that led here: whoever dies now leaves it to a later tick. */
async function call(
  ctx: Context,
  instance: Instance,
  effect: Extract<Effect, { kind: 'call' }>,
): Promise<void> {
  const { tokenId, tries } = effect
  const ok = await callWebhook(ctx, instance, effect)
  await change(ctx, instance._id, { kind: 'called', tokenId, tries, ok })
}

/** One approval that changed meanwhile, or that is at fault, must not keep the others waiting; a fault is thrown at the end. */
async function forEach<T extends { _id: string }>(
  ctx: Context,
  items: readonly T[],
  work: (item: T) => Promise<unknown>,
): Promise<number> {
  let done = 0
  let fault: unknown
  for (const item of items) {
    try {
      await work(item)
      done += 1
    } catch (error) {
      const instanceId = item._id
      if (error instanceof AppError) {
        ctx.log.warn({ instanceId, error: error.error }, 'an approval that was due had changed meanwhile')
        continue
      }
      fault ??= error
      ctx.log.error({ cause: error, instanceId }, 'an approval that was due could not be changed')
    }
  }
  if (fault !== undefined) throw fault
  return done
}
