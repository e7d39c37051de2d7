import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { defineFunction, defineRoute } from '../../_kernel/index.ts'
import { type Community, countersAndFacts, openCommunity } from '../community.fixture.ts'
import { verifyNextCounters } from './counters.ts'

const MINUTE_MS = 60_000

/** Small, fast and the same for the same seed. */
function randomOf(seed: number) {
  let state = seed
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  return {
    below: (limit: number) => Math.floor(next() * limit),
    isOneIn: (n: number) => next() < 1 / n,
    pick<T>(items: readonly T[]): T {
      // Callers hand over lists that have something in them.
      return items[Math.floor(next() * items.length)] as T
    },
  }
}
type Random = ReturnType<typeof randomOf>

const PEOPLE = Array.from({ length: 24 }, (_, i) => `person${i}`)
const FAULTS = [
  'startTransaction',
  'getDocument',
  'insertDocument',
  'modifyDocument',
  'removeDocument',
  'commitTransaction',
]

/** One thing that somebody may do; what it is refused for does not matter here. */
function randomAction(random: Random, known: { posts: string[]; comments: string[] }, community: Community) {
  const { cloud } = community
  const me = cloud.as(random.pick(PEOPLE))
  const postId = random.pick(known.posts)
  const commentId = random.pick(known.comments)
  const on = random.isOneIn(2)
  const moderate = (kind: 'post' | 'comment', subjectId: string) => {
    const action = random.pick(['approve', 'takeDown', 'reject'])
    return cloud.as('admin').call('community/moderate', { kind, subjectId, action, reason: '随机' })
  }
  const remember = async (list: string[], field: string, call: Promise<{ data?: unknown }>) => {
    const id = (await call).data as Record<string, string> | undefined
    if (id?.[field]) list.push(id[field])
  }
  const text = random.pick(['好', '真好', 'a lottery', '第三'])
  const actions: [weight: number, () => Promise<unknown>][] = [
    [30, () => me.call('community/likePost', { postId, on })],
    [15, () => me.call('community/favouritePost', { postId, on })],
    [15, () => me.call('community/likeComment', { commentId, on })],
    [15, () => me.call('community/follow', { userId: cloud.openid(random.pick(PEOPLE)), on })],
    [8, () => remember(known.comments, 'commentId', me.call('community/comment', { postId, text }))],
    [
      8,
      () =>
        remember(
          known.comments,
          'commentId',
          me.call('community/comment', { postId, text, replyToId: commentId }),
        ),
    ],
    [2, () => remember(known.posts, 'postId', me.call('community/createPost', { text }))],
    [4, () => me.call('community/deleteComment', { commentId })],
    [1, () => me.call('community/deletePost', { postId })],
    [4, () => moderate('comment', commentId)],
    [2, () => moderate('post', postId)],
    [3, () => me.call('community/report', { kind: 'post', subjectId: postId, reason: 'spam' })],
  ]
  let at = random.below(actions.reduce((total, [weight]) => total + weight, 0))
  for (const [weight, act] of actions) {
    at -= weight
    if (at < 0) return act
  }
  throw new Error('weights do not add up')
}

async function everythingVerified(community: Community): Promise<unknown[]> {
  const repairs: unknown[] = []
  for (;;) {
    const step = await community.cloud
      .as('admin')
      .ok<{ repairs: unknown[]; isOver: boolean }>('community/verifyCounters')
    repairs.push(...step.repairs)
    if (step.isOver) return repairs
  }
}

describe('counters', () => {
  it('equal a recount after 5,000 random actions at the same time, with requests failing and replies lost', async () => {
    const seed = 20_260_105
    const random = randomOf(seed)
    const community = await openCommunity(PEOPLE)
    const { cloud } = community
    const known = { posts: [] as string[], comments: [] as string[] }
    for (let i = 0; i < 5; i++) {
      const postId = await community.post(`person${i}`)
      known.posts.push(postId)
      known.comments.push(await community.comment(`person${i + 5}`, postId))
    }
    const outcomes = new Map<string, number>()
    const ATONCE = 20
    for (let done = 0; done < 5_000; done += ATONCE) {
      if (random.isOneIn(2)) {
        const [code, replyLost] = [random.pick(['DATABASE_REQUEST_FAILED', 'SYS_ERR']), random.isOneIn(2)]
        cloud.fail(`database.${random.pick(FAULTS)}`, { code, replyLost, after: random.below(40) })
      }
      const batch = Array.from({ length: ATONCE }, () => randomAction(random, known, community))
      const replies = await Promise.all(batch.map((act) => act()))
      for (const reply of replies) {
        const name = typeof reply === 'object' && reply && 'error' in reply ? String(reply.error) : 'ok'
        outcomes.set(name, (outcomes.get(name) ?? 0) + 1)
      }
      await cloud.clock.advance(20_000)
    }
    const { counters, facts } = await countersAndFacts(cloud)
    expect({ seed, counters }).toEqual({ seed, counters: facts })
    // It was worth something: most was done, and the faults were felt.
    expect(outcomes.get('ok')).toBeGreaterThan(3_000)
    expect((outcomes.get('INTERNAL') ?? 0) + (outcomes.get('BUSY') ?? 0)).toBeGreaterThan(10)
    expect(await everythingVerified(community)).toEqual([])
  }, 120_000)
})

describe('community/verifyCounters', () => {
  it('finds and repairs each counter that is wrong, once', async () => {
    const community = await openCommunity()
    const { cloud } = community
    const { topicId } = await cloud
      .as('admin')
      .ok<{ topicId: string }>('community/createTopic', { title: '春天' })
    const postId = await community.post('author', { topicIds: [topicId] })
    const commentId = await community.comment('reader', postId)
    await community.comment('third', postId, { replyToId: commentId })
    await cloud.as('reader').ok('community/likePost', { postId, on: true })
    await cloud.as('reader').ok('community/follow', { userId: cloud.openid('author'), on: true })
    expect(await everythingVerified(community)).toEqual([])

    const hotScore = (await community.stored('posts', postId))?.hotScore
    await cloud.collection('posts').set(postId, { likeCount: 7, favouriteCount: -1, hotScore: 0 })
    await cloud.collection('comments').set(commentId, { replyCount: 0, isListed: false })
    await cloud.collection('members').set(cloud.openid('author'), { followerCount: 3, postCount: 9 })
    await cloud.collection('members').set(cloud.openid('reader'), { followingIds: [] })
    await cloud.collection('topics').set(topicId, { postCount: 5 })
    expect(await everythingVerified(community)).toHaveLength(5)
    const { counters, facts } = await countersAndFacts(cloud)
    expect(counters).toEqual(facts)
    expect(await community.stored('posts', postId)).toMatchObject({ hotScore })
    expect(await community.stored('comments', commentId)).toMatchObject({ isListed: true })
    expect(await everythingVerified(community)).toEqual([])
  })

  it('leaves a counter alone that somebody changes while it is recounted', async () => {
    let meanwhile = async () => {}
    const routes = {
      verify: defineRoute({
        summary: 'verifies, with somebody busy between reading and recounting',
        input: z.strictObject({}),
        access: 'user',
        handle: (_input, ctx) => {
          const aggregate: typeof ctx.db.aggregate = async (...query) => {
            await meanwhile()
            return ctx.db.aggregate(...query)
          }
          const watched = Object.create(ctx, { db: { value: { ...ctx.db, aggregate } } }) as typeof ctx
          return verifyNextCounters(watched)
        },
      }),
    }
    const probe = async () => ({ main: defineFunction('probe', routes) })
    const community = await openCommunity(undefined, { probe })
    const { cloud } = community
    const postId = await community.post('author')
    const like = (on: boolean) => cloud.as('reader').ok('community/likePost', { postId, on })
    await like(true)
    // Off and on again: the number is the same, but the recount saw the moment in between.
    meanwhile = async () => {
      meanwhile = async () => {
        meanwhile = async () => {}
        await like(true)
      }
      await like(false)
    }
    expect(await cloud.as('third').ok('probe/verify')).toMatchObject({ repairs: [] })
    expect(await community.stored('posts', postId)).toMatchObject({ likeCount: 1 })
    const { counters, facts } = await countersAndFacts(cloud)
    expect(counters).toEqual(facts)
  })

  it('goes through more than one batch, and every night by itself', async () => {
    const community = await openCommunity()
    const { cloud } = community
    for (let i = 0; i < 60; i++) {
      await community.post(`person${i}`)
      if (i % 10 === 9) await cloud.clock.advance(MINUTE_MS)
    }
    const posts = await cloud.collection('posts').all()
    for (const { _id } of posts) await cloud.collection('posts').set(String(_id), { likeCount: 1 })
    await cloud.asTimer('scheduler', 'everyMinute')
    await cloud.clock.advance(24 * 60 * MINUTE_MS)
    await cloud.asTimer('scheduler', 'everyMinute')
    const repaired = await cloud.collection('posts').all()
    expect(repaired.map(({ likeCount }) => likeCount)).toEqual(posts.map(() => 0))
  })
})
