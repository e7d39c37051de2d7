import * as z from 'zod'
import { type Collection, type Context, collection, command, type Doc, text } from '../../_kernel/index.ts'
import { comments } from '../comment/store.ts'
import { members } from '../member/store.ts'
import { hotScoreOf } from '../post/model.ts'
import { posts } from '../post/store.ts'
import { ties } from '../tie/store.ts'
import { topics } from '../topic/store.ts'

/** How far the verifier has come: it goes through everything, a batch at a time. */
export const counterChecks = collection(
  'counter_checks',
  z.object({ _id: text, step: z.int(), afterId: z.string() }),
)

export interface Repair {
  collection: string
  id: string
  from: Record<string, unknown>
  to: Record<string, unknown>
}

interface Counted extends Doc {
  countVersion: number
}

const BATCH = 50
const STEPS = [verifyPosts, verifyComments, verifyMembers, verifyTopics] as const
const POSITION = 'counters'

/**
 * Recounts the next batch and repairs what is wrong. A repair is written only if no counter of the document has changed
 * since it was read (`countVersion`): facts and counters change in one transaction, so the recount is then exact, however
 * many people are busy meanwhile.
 *
 * @returns what was repaired, and whether everything has been gone through once.
 */
export async function verifyNextCounters(ctx: Context): Promise<{ repairs: Repair[]; isOver: boolean }> {
  const at = (await ctx.db.find(counterChecks, POSITION)) ?? { _id: POSITION, step: 0, afterId: '' }
  const step = STEPS[at.step] ?? verifyPosts
  const { lastId, repairs } = await step(ctx, at.afterId)
  for (const repair of repairs) ctx.log.warn({ ...repair }, 'counter repaired')
  const next = lastId === null ? { step: at.step + 1, afterId: '' } : { step: at.step, afterId: lastId }
  const isOver = next.step >= STEPS.length
  const position = { ...at, ...(isOver ? { step: 0, afterId: '' } : next) }
  const { _id, ...change } = position
  if (!(await ctx.db.update(counterChecks, _id, change))) await ctx.db.insertIfAbsent(counterChecks, position)
  return { repairs, isOver }
}

async function verifyPosts(ctx: Context, afterId: string) {
  const batch = await nextOf(ctx, posts, afterId)
  const ids = batch.map(({ _id }) => _id)
  const tied = await countBy(ctx, ties, { targetId: command.in(ids) }, { id: '$targetId', kind: '$kind' })
  const commented = await countBy(
    ctx,
    comments,
    { postId: command.in(ids), status: 'visible' },
    { id: '$postId' },
  )
  return repairAll(ctx, posts, batch, (post) => {
    const counts = {
      likeCount: tied(post._id, 'like'),
      favouriteCount: tied(post._id, 'favourite'),
      commentCount: commented(post._id),
    }
    return { ...counts, hotScore: hotScoreOf({ ...post, ...counts }) }
  })
}

async function verifyComments(ctx: Context, afterId: string) {
  const batch = await nextOf(ctx, comments, afterId)
  const ids = batch.map(({ _id }) => _id)
  const tied = await countBy(ctx, ties, { targetId: command.in(ids) }, { id: '$targetId', kind: '$kind' })
  const replied = await countBy(
    ctx,
    comments,
    { rootId: command.in(ids), status: 'visible' },
    { id: '$rootId' },
  )
  return repairAll(ctx, comments, batch, ({ _id, status }) => {
    const replyCount = replied(_id)
    return { likeCount: tied(_id, 'like'), replyCount, isListed: status === 'visible' || replyCount > 0 }
  })
}

async function verifyMembers(ctx: Context, afterId: string) {
  const batch = await nextOf(ctx, members, afterId)
  const ids = batch.map(({ _id }) => _id)
  const followed = await countBy(
    ctx,
    ties,
    { kind: 'follow', targetId: command.in(ids) },
    { id: '$targetId' },
  )
  const posted = await countBy(
    ctx,
    posts,
    { _openid: command.in(ids), status: 'visible' },
    { id: '$_openid' },
  )
  const follows = new Map<string, string[]>()
  for (const userId of ids) {
    const own = await ctx.db.query(ties, { where: { kind: 'follow', userId }, limit: 1000 })
    follows.set(
      userId,
      own.map(({ targetId }) => targetId),
    )
  }
  return repairAll(ctx, members, batch, ({ _id, followingIds }) => {
    const stored = follows.get(_id) ?? []
    const isSame = stored.length === followingIds.length && stored.every((id) => followingIds.includes(id))
    return {
      followerCount: followed(_id),
      postCount: posted(_id),
      followingIds: isSame ? followingIds : stored,
    }
  })
}

async function verifyTopics(ctx: Context, afterId: string) {
  const batch = await nextOf(ctx, topics, afterId)
  const counts = new Map<string, number>()
  for (const { _id } of batch) {
    // A list field matches each of its values; the type of the condition does not know.
    counts.set(_id, await ctx.db.count(posts, command.and([{ topicIds: _id, status: 'visible' }])))
  }
  return repairAll(ctx, topics, batch, ({ _id }) => ({ postCount: counts.get(_id) ?? 0 }))
}

function nextOf<T extends Doc>(ctx: Context, from: Collection<T>, afterId: string): Promise<T[]> {
  return ctx.db.query(from, {
    where: command.and([{ _id: command.gt(afterId) }]),
    orderBy: [['_id', 'asc']],
    limit: BATCH,
  })
}

const groupSchema = z.object({
  _id: z.object({ id: z.string(), kind: z.string().optional() }),
  count: z.int(),
})

async function countBy<T extends Doc>(
  ctx: Context,
  from: Collection<T>,
  where: Record<string, unknown>,
  by: { id: string; kind?: string },
): Promise<(id: string, kind?: string) => number> {
  const rows = await ctx.db.aggregate(from, {
    match: command.and([where]),
    group: { _id: by, count: { $sum: 1 } },
    limit: BATCH * 3,
  })
  const counts = rows.map((row) => groupSchema.parse(row))
  return (id, kind) => counts.find(({ _id }) => _id.id === id && _id.kind === kind)?.count ?? 0
}

async function repairAll<T extends Counted>(
  ctx: Context,
  from: Collection<T>,
  batch: readonly T[],
  recount: (doc: T) => Partial<T>,
): Promise<{ lastId: string | null; repairs: Repair[] }> {
  const repairs: Repair[] = []
  for (const doc of batch) {
    const right = recount(doc)
    const wrong = Object.entries(right).filter(
      ([field, value]) => JSON.stringify(doc[field as keyof T]) !== JSON.stringify(value),
    )
    if (wrong.length === 0) continue
    const condition = command.and([{ countVersion: doc.countVersion }])
    const change = { ...right, countVersion: command.inc(1) }
    // Fields of the document and a counter that every one of them has.
    if (!(await ctx.db.updateIf(from, doc._id, condition, change as never))) continue
    repairs.push({
      collection: from.name,
      id: doc._id,
      from: Object.fromEntries(wrong.map(([field]) => [field, doc[field as keyof T]])),
      to: Object.fromEntries(wrong),
    })
  }
  return { lastId: batch.length < BATCH ? null : (batch.at(-1)?._id ?? null), repairs }
}
