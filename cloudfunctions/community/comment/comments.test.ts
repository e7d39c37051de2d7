import { beforeEach, describe, expect, it } from 'vitest'
import { type Community, countersAndFacts, openCommunity } from '../community.fixture.ts'

interface Shown {
  commentId: string
  text: string | null
  author: { nickname: string } | null
  replyCount: number
  isLiked: boolean
}

let community: Community
let cloud: Community['cloud']
let postId: string
beforeEach(async () => {
  community = await openCommunity()
  cloud = community.cloud
  postId = await community.post('author')
})

const list = async (input: object = {}) =>
  (await cloud.as('reader').ok<{ items: Shown[] }>('community/comments', { postId, ...input })).items
const repliesTo = async (commentId: string) =>
  (await cloud.as('reader').ok<{ items: Shown[] }>('community/replies', { postId, commentId })).items

describe('community/comment', () => {
  it('stands on the post or under a comment: a reply to a reply says whom it answers, and there is no third level', async () => {
    const root = await community.comment('reader', postId)
    const reply = await community.comment('author', postId, { replyToId: root })
    await cloud.clock.advance(1)
    const nested = await community.comment('third', postId, { replyToId: reply })
    expect(await list()).toMatchObject([{ commentId: root, replyCount: 2 }])
    expect(await repliesTo(root)).toMatchObject([
      { commentId: reply, replyTo: { commentId: root, nickname: 'reader的昵称' } },
      { commentId: nested, replyTo: { commentId: reply, nickname: 'author的昵称' } },
    ])
    expect(await repliesTo(reply)).toEqual([])
    expect(await community.stored('posts', postId)).toMatchObject({ commentCount: 3 })
  })

  it('tells the author of the post, or whoever is answered, but nobody of their own', async () => {
    const root = await community.comment('reader', postId)
    await community.comment('third', postId, { replyToId: root })
    await community.comment('author', postId)
    const told = async (name: string) =>
      (await cloud.as(name).ok<{ items: { body: string }[] }>('notification/inbox')).items.map(
        ({ body }) => body,
      )
    expect(await told('author')).toEqual(['reader的昵称：reader的评论'])
    expect(await told('reader')).toEqual(['third的昵称：third的评论'])
  })

  it.each([
    [{ text: 'casino' }, 'CONTENT_REFUSED'],
    [{ text: ' ' }, 'INVALID_INPUT'],
    [{ text: 'a', replyToId: 'nowhere' }, 'NOT_FOUND'],
    [{ text: 'a', postId: 'nowhere' }, 'NOT_FOUND'],
  ])('refuses %o with %s', async (input, error) => {
    expect(await cloud.as('reader').refused('community/comment', { postId, ...input })).toBe(error)
    expect(await community.stored('posts', postId)).toMatchObject({ commentCount: 0 })
  })

  it('refuses to answer under another post or a hidden comment, and on a hidden post', async () => {
    const root = await community.comment('reader', postId)
    const other = await community.post('author')
    const refused = (input: object) => cloud.as('third').refused('community/comment', { text: 'a', ...input })
    expect(await refused({ postId: other, replyToId: root })).toBe('NOT_FOUND')
    await community.moderate(root, 'takeDown', 'comment')
    expect(await refused({ postId, replyToId: root })).toBe('NOT_FOUND')
    await community.moderate(postId, 'takeDown')
    expect(await refused({ postId })).toBe('NOT_FOUND')
    expect(await cloud.as('reader').refused('community/comments', { postId })).toBe('NOT_FOUND')
  })

  it('comes once however often the same request comes', async () => {
    const send = () =>
      cloud.as('reader').call('community/comment', { postId, text: '一次' }, { requestId: 'request-0001' })
    await Promise.all([send(), send(), send()])
    expect(await list()).toHaveLength(1)
    expect(await community.stored('posts', postId)).toMatchObject({ commentCount: 1 })
  })

  it('that nobody could judge waits: its author sees it, others do not, and it does not count', async () => {
    cloud.fail('openapi.security.msgSecCheck', { code: 'SYS_ERR', times: 3 })
    const commentId = await community.comment('reader', postId)
    expect(await list()).toEqual([])
    expect(await community.stored('posts', postId)).toMatchObject({ commentCount: 0 })
    expect(await cloud.as('reader').ok('community/myComments')).toMatchObject({
      items: [{ commentId, status: 'pending' }],
    })
    await community.moderate(commentId, 'approve', 'comment')
    expect(await list()).toMatchObject([{ commentId }])
    expect(await community.stored('posts', postId)).toMatchObject({ commentCount: 1 })
  })
})

describe('a comment that goes', () => {
  it('keeps the place of its replies, without its words and its author', async () => {
    const root = await community.comment('reader', postId)
    const reply = await community.comment('author', postId, { replyToId: root })
    expect(await cloud.as('third').refused('community/deleteComment', { commentId: root })).toBe('NOT_FOUND')
    await cloud.as('reader').ok('community/deleteComment', { commentId: root })
    await cloud.as('reader').ok('community/deleteComment', { commentId: root })
    expect(await list()).toMatchObject([{ commentId: root, text: null, author: null, replyCount: 1 }])
    expect(await community.stored('posts', postId)).toMatchObject({ commentCount: 1 })

    await cloud.as('author').ok('community/deleteComment', { commentId: reply })
    expect(await list()).toEqual([])
    const { counters, facts } = await countersAndFacts(cloud)
    expect(counters).toEqual(facts)
  })

  it('comes back with a moderator’s approval, replies or not', async () => {
    const root = await community.comment('reader', postId)
    await community.moderate(root, 'takeDown', 'comment')
    expect(await list()).toEqual([])
    await community.moderate(root, 'approve', 'comment')
    expect(await list()).toMatchObject([{ commentId: root, text: 'reader的评论' }])
  })
})

describe('community/comments', () => {
  it('are newest or best first, with own likes, in two database requests', async () => {
    const first = await community.comment('reader', postId)
    await cloud.clock.advance(1)
    const second = await community.comment('third', postId)
    await cloud.as('reader').ok('community/likeComment', { commentId: first, on: true })
    await list()
    expect((await list()).map(({ commentId }) => commentId)).toEqual([second, first])
    expect(cloud.databaseCalls()).toBe(2)
    expect(await list({ order: 'best' })).toMatchObject([
      { commentId: first, isLiked: true },
      { isLiked: false },
    ])
  })
})
