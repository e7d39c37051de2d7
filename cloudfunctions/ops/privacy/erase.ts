/** Takes a person out of everything, one capability after the other; a crash is repaired by asking again. */
import * as z from 'zod'
import { type Context, command, defineRoute, idInput, outbox, refuse } from '../../_kernel/index.ts'
import { anyRows } from '../rows.ts'
import { type Erasure, erasures, REMEMBERED_MS } from './model.ts'

/**
 * ops/eraseUser: on a person's request. Orders, payments and refunds stay for the books, without the person. Refuses
 * ERASURE_ORDERS_OPEN while goods or money are under way.
 */
export const eraseUser = defineRoute({
  summary: 'Erase what is kept about a person',
  input: z.strictObject({ userId: idInput, confirm: z.literal('erase this person') }),
  access: 'privacy:erase',
  audit: { action: 'privacy.erase', subject: () => 'a user' },

  async handle({ userId }, ctx) {
    if (ctx.settings.ADMIN_OPENIDS.includes(userId)) {
      refuse('FORBIDDEN', { why: 'an administrator of the environment' })
    }
    const open = await (await readContributors()).openOrders(ctx, userId)
    if (open.length > 0) refuse('ERASURE_ORDERS_OPEN', { orderIds: open.slice(0, 20) })
    const nowMs = ctx.clock.nowMs()
    const erasure: Erasure = {
      _id: userId,
      state: 'running',
      doneBy: [],
      requestedBy: ctx.userId,
      startedAtMs: nowMs,
      endedAtMs: null,
      expiresAtMs: nowMs + REMEMBERED_MS,
    }
    const known = (await ctx.db.insertIfAbsent(erasures, erasure))
      ? erasure
      : await ctx.db.get(erasures, userId)
    // Once erased, they may have come back as a customer like any other.
    const current = known.state === 'done' ? { ...erasure, startedAtMs: nowMs } : known
    const done = await run(ctx, current)
    return { state: done.state, doneBy: done.doneBy, endedAtMs: done.endedAtMs }
  },
})

/** After a restore: whoever was erased since the backup was taken is erased again. */
export async function eraseAgain(ctx: Context, sinceMs: number): Promise<void> {
  for (let afterId = ''; ; ) {
    const some = await ctx.db.query(erasures, {
      where: { _id: command.gt(afterId) },
      orderBy: [['_id', 'asc']],
      limit: 100,
    })
    for (const erasure of some) {
      if (erasure.startedAtMs >= sinceMs || erasure.state === 'running') {
        await run(ctx, { ...erasure, state: 'running', doneBy: [] })
      }
    }
    const last = some.at(-1)
    if (!last) return
    afterId = last._id
  }
}

async function run(ctx: Context, erasure: Erasure): Promise<Erasure> {
  const { contributors } = await readContributors()
  let doneBy = erasure.doneBy
  for (const contributor of contributors) {
    if (doneBy.includes(contributor.name)) continue
    await contributor.eraseUser?.(ctx, erasure._id)
    doneBy = [...doneBy, contributor.name]
    await ctx.db.update(erasures, erasure._id, { state: 'running', doneBy })
  }
  await forgetTraces(ctx, erasure._id)
  const endedAtMs = ctx.clock.nowMs()
  await ctx.db.update(erasures, erasure._id, { state: 'done', endedAtMs })
  return { ...erasure, state: 'done', doneBy, endedAtMs }
}

/** They bring half of the product along, which nothing but a request for privacy needs. */
function readContributors() {
  return import('./contributors.ts')
}

/**
 * Kept replies and delivered events that name the person. They would go by themselves within days, and cannot be found by
 * person, so all of them are looked through: one database request for each thousand. Events that still wait are needed.
 */
async function forgetTraces(ctx: Context, userId: string): Promise<void> {
  await removeMentions(ctx, 'idempotency_records', userId, () => true)
  await removeMentions(ctx, outbox.name, userId, (row) => row.status === 'done')
}

async function removeMentions(
  ctx: Context,
  name: string,
  userId: string,
  isOver: (row: Record<string, unknown>) => boolean,
): Promise<void> {
  const rows = anyRows(name)
  for (let afterId = ''; ; ) {
    const some = await ctx.db.query(rows, {
      where: { _id: command.gt(afterId) },
      orderBy: [['_id', 'asc']],
      limit: 1_000,
    })
    const named = some.filter((row) => isOver(row) && JSON.stringify(row).includes(userId))
    if (named.length > 0) await ctx.db.removeMany(rows, { _id: command.in(named.map(({ _id }) => _id)) })
    const last = some.at(-1)
    if (!last) return
    afterId = last._id
  }
}

/** Removes those that no backup can bring back any more. @returns how many were removed. */
export function cleanErasures(ctx: Context): Promise<number> {
  return ctx.db.removeMany(erasures, { expiresAtMs: command.lte(ctx.clock.nowMs()), state: 'done' })
}
