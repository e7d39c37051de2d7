import { beforeEach, describe, expect, it } from 'vitest'
import { type Community, countersAndFacts, openCommunity } from '../community.fixture.ts'

let community: Community
let cloud: Community['cloud']
let postId: string
let commentId: string
beforeEach(async () => {
  community = await openCommunity()
  cloud = community.cloud
  postId = await community.post('author')
  commentId = await community.comment('third', postId)
})

const countOf = async (collection: string, id: string, field: string) =>
  (await community.stored(collection, id))?.[field]

describe('a tie', () => {
  const rows: [route: string, input: () => object, counter: () => Promise<unknown>][] = [
    ['likePost', () => ({ postId }), () => countOf('posts', postId, 'likeCount')],
    ['favouritePost', () => ({ postId }), () => countOf('posts', postId, 'favouriteCount')],
    ['likeComment', () => ({ commentId }), () => countOf('comments', commentId, 'likeCount')],
    [
      'follow',
      () => ({ userId: cloud.openid('author') }),
      () => countOf('members', cloud.openid('author'), 'followerCount'),
    ],
  ]

  it.each(rows)(
    '%s counts once however often, and however many at the same time',
    async (route, input, counter) => {
      const set = (name: string, on: boolean) => cloud.as(name).ok(`community/${route}`, { ...input(), on })
      await Promise.all([set('reader', true), set('reader', true), set('reader', true), set('third', true)])
      expect(await counter()).toBe(2)
      await set('reader', true)
      expect(await counter()).toBe(2)
      await Promise.all([set('reader', false), set('reader', false)])
      await set('reader', false)
      expect(await counter()).toBe(1)
    },
  )

  it.each(rows)(
    '%s is there in full or not at all, whichever request fails or loses its reply',
    async (route, input) => {
      let refusals = 0
      const actions = [
        'startTransaction',
        'getDocument',
        'insertDocument',
        'modifyDocument',
        'commitTransaction',
      ]
      for (const action of actions) {
        for (const replyLost of [false, true]) {
          for (const on of [true, false]) {
            cloud.fail(`database.${action}`, { code: 'DATABASE_REQUEST_FAILED', replyLost })
            const reply = await cloud.as('reader').call(`community/${route}`, { ...input(), on })
            if (reply.code !== 0) refusals += 1
            const { counters, facts } = await countersAndFacts(cloud)
            expect([action, replyLost, on, counters]).toEqual([action, replyLost, on, facts])
          }
        }
      }
      // The faults were felt; conflicts are tried again.
      expect(refusals).toBeGreaterThan(0)
    },
  )

  it('cannot be made with what is hidden, but can be taken back', async () => {
    await cloud.as('reader').ok('community/likePost', { postId, on: true })
    await community.moderate(postId, 'takeDown')
    expect(await cloud.as('third').refused('community/likePost', { postId, on: true })).toBe('NOT_FOUND')
    await cloud.as('reader').ok('community/likePost', { postId, on: false })
    expect(await countOf('posts', postId, 'likeCount')).toBe(0)
    await community.moderate(commentId, 'takeDown', 'comment')
    expect(await cloud.as('reader').refused('community/likeComment', { commentId, on: true })).toBe(
      'NOT_FOUND',
    )
  })

  it('with nobody, with oneself or with nothing is refused', async () => {
    const refused = (route: string, input: object) => cloud.as('reader').refused(`community/${route}`, input)
    expect(await refused('follow', { userId: 'nobody', on: true })).toBe('NOT_FOUND')
    expect(await refused('follow', { userId: cloud.openid('reader'), on: true })).toBe('INVALID_INPUT')
    expect(await refused('likePost', { postId: 'nothing', on: true })).toBe('NOT_FOUND')
    expect(await cloud.collection('ties').all()).toEqual([])
  })
})

describe('following', () => {
  it('shows on both sides', async () => {
    const author = cloud.openid('author')
    const reader = cloud.openid('reader')
    await cloud.as('reader').ok('community/follow', { userId: author, on: true })
    await cloud.as('reader').ok('community/follow', { userId: cloud.openid('third'), on: true })
    const third = cloud.as('third')
    expect(await third.ok('community/followers', { userId: author })).toMatchObject({
      items: [{ userId: reader, nickname: 'reader的昵称', followingCount: 2 }],
    })
    expect(await third.ok('community/followings', { userId: reader })).toMatchObject({
      items: expect.arrayContaining([expect.objectContaining({ userId: author, followerCount: 1 })]),
    })
    expect(await cloud.as('reader').ok('community/member', { userId: author })).toMatchObject({
      nickname: 'author的昵称',
      postCount: 1,
      followerCount: 1,
      isFollowed: true,
    })
    expect(await third.ok('community/member', { userId: author })).toMatchObject({ isFollowed: false })
    expect(await third.refused('community/member', { userId: 'nobody' })).toBe('NOT_FOUND')
  })

  it('ends at a thousand people', async () => {
    await cloud.as('reader').ok('community/follow', { userId: cloud.openid('author'), on: true })
    const followingIds = Array.from({ length: 1_000 }, (_, i) => `u${i}`)
    await cloud.collection('members').set(cloud.openid('reader'), { followingIds })
    const input = { userId: cloud.openid('third'), on: true }
    expect(await cloud.as('reader').refused('community/follow', input)).toBe('FOLLOWING_LIMIT')
  })
})
