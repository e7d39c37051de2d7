import { beforeEach, describe, expect, it } from 'vitest'
import { type Community, openCommunity } from '../community.fixture.ts'

const HOUR_MS = 3_600_000

interface Card {
  postId: string
  isLiked: boolean
  isFavourite: boolean
  isFollowed: boolean
  status: string
}
interface Page {
  items: Card[]
  nextCursor: string | null
}

let community: Community
let cloud: Community['cloud']
beforeEach(async () => {
  community = await openCommunity()
  cloud = community.cloud
})

const idsOf = ({ items }: Page) => items.map(({ postId }) => postId)

/** All pages, one after another; something may happen in between. */
async function pages(route: string, input: object, between = async () => {}): Promise<string[]> {
  const ids: string[] = []
  let cursor: string | undefined
  do {
    const page: Page = await cloud.as('reader').ok<Page>(route, { ...input, cursor })
    ids.push(...idsOf(page))
    cursor = page.nextCursor ?? undefined
    await between()
  } while (cursor !== undefined)
  return ids
}

async function postMany(count: number, spreadMs = 1000, input: object = {}): Promise<string[]> {
  const ids: string[] = []
  for (let i = 0; i < count; i++) {
    ids.push(await community.post(i % 2 === 0 ? 'author' : 'third', { text: `第 ${i} 帖`, ...input }))
    await cloud.clock.advance(spreadMs)
    if (i % 8 === 7) await cloud.clock.advance(60_000) // the limit per minute
  }
  return ids
}

describe('a page of a feed', () => {
  const calls: [route: string, input: object, budget: number][] = [
    ['feed', { order: 'new' }, 1],
    ['feed', { order: 'hot' }, 1],
    ['followingFeed', {}, 2],
    ['postsOf', { userId: 'author' }, 1],
    ['search', { text: '第' }, 1],
    ['nearby', { longitude: 120.15, latitude: 30.25 }, 2],
    ['favourites', {}, 2],
    ['myPosts', {}, 1],
  ]

  it.each(calls)(
    '%s %o takes %i database requests, author and own likes included',
    async (route, input, budget) => {
      const place = { name: '西湖', longitude: 120.15, latitude: 30.25 }
      const ids = await postMany(22, 1000, { place })
      const reader = cloud.as('reader')
      for (const postId of ids) {
        await reader.ok('community/favouritePost', { postId, on: true })
        await reader.ok('community/likePost', { postId, on: true })
      }
      for (const name of ['author', 'third'])
        await reader.ok('community/follow', { userId: cloud.openid(name), on: true })
      const data = 'userId' in input ? { userId: cloud.openid('author') } : input
      await reader.ok(`community/${route}`, data) // what an instance learns once
      const page = await reader.ok<Page>(`community/${route}`, data)
      expect(cloud.databaseCalls()).toBe(budget)
      if (route === 'myPosts') return
      expect(page.items.length).toBeGreaterThanOrEqual(11)
      for (const card of page.items) {
        expect(card).toMatchObject({ isLiked: true, isFavourite: true, isFollowed: true })
      }
    },
  )

  it('shows each reader their own likes, and a stranger none', async () => {
    const postId = await community.post('author')
    await cloud.as('reader').ok('community/likePost', { postId, on: true })
    const liked = async (caller: ReturnType<typeof cloud.as>) =>
      (await caller.ok<Page>('community/feed')).items.map(({ isLiked }) => isLiked)
    expect(await liked(cloud.as('reader'))).toEqual([true])
    expect(await liked(cloud.as('third'))).toEqual([false])
    expect(await liked(cloud.asFunction())).toEqual([false])
  })
})

describe('community/feed', () => {
  it.each(['new', 'hot'])('%s neither skips nor repeats while posts come and go', async (order) => {
    // Several in the same millisecond, so that the id must break the tie.
    const ids = [...(await postMany(10, 0)), ...(await postMany(10, 1000))]
    const hidden: string[] = []
    const wanted = new Set(ids)
    let round = 0
    const seen = await pages('community/feed', { order, size: 3 }, async () => {
      round += 1
      await cloud.clock.advance(60_000)
      await community.post('author', { text: `新 ${round}` })
      const victim = ids[round * 2]
      if (victim === undefined || round > 6) return
      hidden.push(victim)
      await community.moderate(victim, 'takeDown')
    })
    expect(new Set(seen).size).toBe(seen.length)
    const stayed = ids.filter((id) => !hidden.includes(id))
    expect(seen.filter((id) => stayed.includes(id)).sort()).toEqual(stayed.sort())
    expect(seen.every((id) => wanted.has(id))).toBe(true)
  })

  it('hot puts what many like above what is a little newer, and lets it sink with time', async () => {
    const liked = await community.post('author')
    await cloud.clock.advance(HOUR_MS)
    const newer = await community.post('third')
    await cloud.as('reader').ok('community/likePost', { postId: liked, on: true })
    const hot = async () => idsOf(await cloud.as('reader').ok<Page>('community/feed', { order: 'hot' }))
    expect(await hot()).toEqual([liked, newer])
    await cloud.clock.advance(24 * HOUR_MS)
    const fresh = await community.post('third')
    expect(await hot()).toEqual([fresh, liked, newer])
    await cloud.as('reader').ok('community/likePost', { postId: liked, on: false })
    expect(await hot()).toEqual([fresh, newer, liked])
  })

  it('of a topic has its posts only', async () => {
    const { topicId } = await cloud
      .as('admin')
      .ok<{ topicId: string }>('community/createTopic', { title: '春天' })
    const postId = await community.post('author', { topicIds: [topicId] })
    await community.post('author')
    for (const order of ['new', 'hot'])
      expect(idsOf(await cloud.as('reader').ok<Page>('community/feed', { topicId, order }))).toEqual([postId])
    expect(await cloud.as('reader').ok('community/topics')).toMatchObject({
      items: [{ topicId, postCount: 1 }],
    })
  })
})

describe('other lists of posts', () => {
  it('of those whom I follow, and of nobody when I follow nobody', async () => {
    const [first, second] = await postMany(2)
    await community.post('reader')
    const following = async () => idsOf(await cloud.as('reader').ok<Page>('community/followingFeed'))
    expect(await following()).toEqual([])
    await cloud.as('reader').ok('community/follow', { userId: cloud.openid('author'), on: true })
    expect(await following()).toEqual([first])
    await cloud.as('reader').ok('community/follow', { userId: cloud.openid('third'), on: true })
    expect(await following()).toEqual([second, first])
    await cloud.as('reader').ok('community/follow', { userId: cloud.openid('author'), on: false })
    expect(await following()).toEqual([second])
  })

  it('of one person in full to them, without what is hidden to others', async () => {
    const [first, , third] = await postMany(3)
    await community.moderate(first ?? '', 'takeDown')
    const userId = cloud.openid('author')
    expect(idsOf(await cloud.as('reader').ok<Page>('community/postsOf', { userId }))).toEqual([third])
    const mine = await cloud.as('author').ok<Page>('community/myPosts')
    expect(mine.items.map(({ postId, status }) => [postId, status])).toEqual([
      [third, 'visible'],
      [first, 'taken_down'],
    ])
  })

  it('by words, all of which must be there', async () => {
    const postId = await community.post('author', {
      text: '龙井茶的春天',
      place: { name: '梅家坞', longitude: 120, latitude: 30 },
    })
    const found = async (text: string) =>
      idsOf(await cloud.as('reader').ok<Page>('community/search', { text }))
    expect(await found('龙井茶')).toEqual([postId])
    expect(await found('春天 梅家坞')).toEqual([postId])
    expect(await found('龙井咖啡')).toEqual([])
    expect(await found('...')).toEqual([])
    await community.moderate(postId, 'takeDown')
    expect(await found('龙井茶')).toEqual([])
  })

  it('around a place, nearest first', async () => {
    const at = (longitude: number) => ({ place: { name: 'x', longitude, latitude: 30 } })
    const far = await community.post('author', at(120.02))
    const near = await community.post('author', at(120.001))
    await community.post('author', at(121))
    await community.post('author')
    const input = { longitude: 120, latitude: 30, withinM: 5_000 }
    const around = await cloud.as('reader').ok<Page>('community/nearby', input)
    expect(idsOf(around)).toEqual([near, far])
    expect(around.items[0]).toMatchObject({ place: { longitude: 120.001, latitude: 30 } })
    await community.moderate(near, 'takeDown')
    expect(idsOf(await cloud.as('reader').ok<Page>('community/nearby', input))).toEqual([far])
  })

  it('that I keep, latest kept first, without those that are gone', async () => {
    const [first = '', second = '', third = ''] = await postMany(3)
    for (const postId of [second, third, first]) {
      await cloud.as('reader').ok('community/favouritePost', { postId, on: true })
      await cloud.clock.advance(1)
    }
    await cloud.as('author').ok('community/deletePost', { postId: third })
    expect(await pages('community/favourites', { size: 1 })).toEqual([first, second])
  })
})
