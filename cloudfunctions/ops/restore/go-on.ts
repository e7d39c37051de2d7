/**
 * A restore goes on from where it stands, as far as time allows: each step may be repeated, and what is done is written
 * down after each file. A crash costs the file at hand, which the next call copies again.
 */
import { type Context, forgetPermissions, maintenance } from '../../_kernel/index.ts'
import { holdJobs, releaseJobs } from '../../scheduler/public.ts'
import { backups } from '../backup/model.ts'
import { goOn as continueBackup, takeBackup } from '../backup/take.ts'
import { eraseAgain } from '../privacy/erase.ts'
import { copy, stepsOf } from './copy.ts'
import { bakOf, NEVER_SWITCHED, type Restore, transition } from './model.ts'
import { replace } from './store.ts'

const BUDGET_MS = 35_000
/** Of one call; it is extended by each. If the operator goes away, the shop opens again by itself, half switched. */
export const CLOSED_MS = 30 * 60_000
/** Until the last instance knows that it is closed, and the last call that did not know is over. */
const SETTLE_MS = 90_000

export async function goOn(ctx: Context, begun: Restore): Promise<Restore> {
  const endsAtMs = ctx.clock.nowMs() + BUDGET_MS
  const isTimeUp = () => ctx.clock.nowMs() >= endsAtMs
  let restore = begun
  if (restore.closedAtMs !== null && restore.endedAtMs === null) await keepClosed(ctx)
  for (;;) {
    const next = await step(ctx, restore, isTimeUp)
    if (next === restore || isTimeUp()) return next
    restore = next
  }
}

/** One step further; the same object when there is nothing to do now. */
async function step(ctx: Context, restore: Restore, isTimeUp: () => boolean): Promise<Restore> {
  switch (restore.state) {
    case 'loading':
      return load(ctx, restore)
    case 'closing': {
      const isSettled = ctx.clock.nowMs() >= (restore.closedAtMs ?? 0) + SETTLE_MS
      return isSettled ? replace(ctx, restore, transition(restore, 'settled')) : restore
    }
    case 'saving':
      return save(ctx, restore, isTimeUp)
    case 'switching':
      return switchNext(ctx, restore)
    case 'erasing': {
      await eraseAgain(ctx, restore.pointAtMs)
      await maintenance.end(ctx)
      await releaseJobs(ctx)
      await forgetPermissions(ctx, '*')
      return replace(ctx, restore, transition(restore, 'erased', { endedAtMs: ctx.clock.nowMs() }))
    }
    default:
      return restore
  }
}

async function load(ctx: Context, restore: Restore): Promise<Restore> {
  const next = stepsOf(restore, restore.collections)[restore.done]
  if (!next) return replace(ctx, restore, transition(restore, 'loaded', { done: 0 }))
  const target = bakOf(next.collection)
  await createCollection(ctx, target)
  await copy(ctx, next, target)
  return replace(ctx, restore, transition(restore, 'load', { done: restore.done + 1 }))
}

/** What is about to be replaced, as a backup like any other: restoring that one is the way back. */
async function save(ctx: Context, restore: Restore, isTimeUp: () => boolean): Promise<Restore> {
  const id = `before-${restore._id}`
  const begun = await ctx.db.find(backups, id)
  const wanted = { id, collections: restore.collections, isClosed: true }
  const saved = begun ? await continueBackup(ctx, begun, isTimeUp) : await takeBackup(ctx, wanted, isTimeUp)
  if (saved.state === 'running') return restore
  return replace(ctx, restore, transition(restore, 'saved', { savedAs: id, done: 0 }))
}

async function switchNext(ctx: Context, restore: Restore): Promise<Restore> {
  const switched = restore.collections.filter((name) => !NEVER_SWITCHED.includes(name))
  const next = stepsOf(restore, switched)[restore.done]
  if (!next) return replace(ctx, restore, transition(restore, 'copied'))
  await copy(ctx, next, next.collection)
  return replace(ctx, restore, transition(restore, 'copy', { done: restore.done + 1 }))
}

export async function keepClosed(ctx: Context): Promise<void> {
  const untilMs = ctx.clock.nowMs() + CLOSED_MS
  await maintenance.begin(ctx, untilMs)
  await holdJobs(ctx, untilMs)
}

/** There already is as good as created: a collection without rules of its own is closed to strangers. */
async function createCollection(ctx: Context, name: string): Promise<void> {
  await ctx.cloud
    .database({ throwOnNotFound: false })
    .createCollection(name)
    .catch((cause: unknown) => ctx.log.debug({ cause, collection: name }, 'collection exists'))
}
