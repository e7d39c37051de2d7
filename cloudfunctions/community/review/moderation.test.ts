import { beforeEach, describe, expect, it } from 'vitest'
import { type Community, openCommunity } from '../community.fixture.ts'

const HOUR_MS = 3_600_000

let community: Community
let cloud: Community['cloud']
let postId: string
beforeEach(async () => {
  community = await openCommunity()
  cloud = community.cloud
  postId = await community.post('author')
})

const about = (input: object) => ({ kind: 'post', subjectId: postId, ...input })
const report = (name: string, input: object = {}) =>
  cloud.as(name).call('community/report', about({ reason: 'spam', ...input }))
const appeal = (text: string, name = 'author') => cloud.as(name).call('community/appeal', about({ text }))
const statusOf = async (id = postId) => (await community.stored('posts', id))?.status
interface Queue {
  items: { subjectId: string; reasons: string[]; reportCount: number; updatedAtMs: number; appeal: unknown }[]
  nextCursor: string | null
}
const queue = (input: object = {}) => cloud.as('admin').ok<Queue>('community/reviewQueue', input)

describe('community/report', () => {
  it('brings a post before a moderator; the same person counts once', async () => {
    expect(await report('reader', { note: '广告' })).toMatchObject({ code: 0 })
    await Promise.all([report('reader'), report('reader', { reason: 'abuse' })])
    expect(await statusOf()).toBe('visible')
    expect((await queue()).items).toMatchObject([{ subjectId: postId, reasons: ['report'], reportCount: 1 }])
    expect(await cloud.as('admin').ok('community/reviewCase', about({}))).toMatchObject({
      content: { text: 'author的帖子' },
      reports: [{ reason: 'spam', note: '广告' }],
    })
  })

  it('hides it when five people agree, until a moderator has looked', async () => {
    await Promise.all([1, 2, 3, 4].map((i) => report(`person${i}`)))
    expect(await statusOf()).toBe('visible')
    await report('person5')
    expect(await statusOf()).toBe('pending')
    expect(await report('person6')).toMatchObject({ error: 'NOT_FOUND' })
    await community.moderate(postId, 'approve')
    expect(await statusOf()).toBe('visible')
    expect((await queue()).items).toEqual([])
    // Dismissed: one more report does not hide it again.
    await report('person6')
    expect(await statusOf()).toBe('visible')
  })

  it('is refused about oneself, about what is hidden and about nothing', async () => {
    expect(await report('author')).toMatchObject({ error: 'INVALID_INPUT' })
    expect(await report('reader', { subjectId: 'nothing' })).toMatchObject({ error: 'NOT_FOUND' })
    await community.moderate(postId, 'takeDown')
    expect(await report('reader')).toMatchObject({ error: 'NOT_FOUND' })
    expect(await cloud.collection('reports').all()).toEqual([])
  })
})

describe('community/moderate', () => {
  it('takes down and tells the author why; the record stays', async () => {
    await community.moderate(postId, 'takeDown')
    expect(await statusOf()).toBe('taken_down')
    expect(await cloud.as('author').ok('community/post', { postId })).toMatchObject({
      status: 'taken_down',
      decision: { action: 'takeDown', reason: '社区规范' },
    })
    expect(await cloud.as('author').ok('notification/inbox')).toMatchObject({
      items: [{ code: 'community.judged', body: '“author的帖子” 已下架：社区规范' }],
    })
    expect(await cloud.collection('audit_entries').all()).toMatchObject([
      { action: 'content.moderate', subject: `post/${postId}` },
    ])
  })

  it.each([
    ['approve', 'deleted'],
    ['reject', 'visible'],
    ['takeDown', 'rejected'],
    ['takeDown', 'deleted'],
  ])('refuses to %s what is %s', async (action, status) => {
    await cloud.collection('posts').set(postId, { status })
    const decision = about({ action, reason: 'x' })
    expect(await cloud.as('admin').refused('community/moderate', decision)).toBe('CONTENT_STATE')
  })

  it('closes a case about what its author has deleted, which would wait for ever', async () => {
    await report('reader')
    await cloud.as('author').ok('community/deletePost', { postId })
    expect((await queue()).items).toMatchObject([{ subjectId: postId }])
    const decision = { ...about({ reason: '广告' }), action: 'approve' }
    expect(await cloud.as('admin').refused('community/moderate', decision)).toBe('CONTENT_STATE')
    await community.moderate(postId, 'takeDown')
    expect((await queue()).items).toEqual([])
    expect(await statusOf()).toBe('deleted')
  })

  it('refuses a moderator’s own content, and users', async () => {
    const own = await community.post('admin')
    const decision = { kind: 'post', subjectId: own, action: 'takeDown', reason: 'x' }
    expect(await cloud.as('admin').refused('community/moderate', decision)).toBe('FORBIDDEN')
    expect(await cloud.as('reader').refused('community/moderate', decision)).toBe('FORBIDDEN')
  })

  it('of two moderators who saw the same case lets one decide, and tells the other', async () => {
    const grant = { userId: cloud.openid('third'), role: 'content_moderator' }
    await cloud.as('admin').ok('user/grantRole', grant)
    await report('reader')
    const [open] = (await queue()).items
    const decide = (name: string, action: string) =>
      cloud.as(name).call('community/moderate', about({ action, reason: 'x', seenAtMs: open?.updatedAtMs }))
    await cloud.clock.advance(1)
    const replies = await Promise.all([decide('admin', 'approve'), decide('third', 'takeDown')])
    expect(replies.map(({ code }) => code).sort()).toEqual([0, 1006])
    const decided = (await community.stored('reviews', postId))?.decision as { action: string }
    expect(await decide('admin', decided.action)).toMatchObject({ code: 0 })
    expect(await statusOf()).toBe(decided.action === 'approve' ? 'visible' : 'taken_down')
  })

  it('is not overruled by a verdict on a picture that comes later', async () => {
    await cloud.wechat.control.mediaChecks.setSettings({ delayMs: HOUR_MS, hold: false })
    const withPicture = await community.post('author', { images: [await community.picture('author')] })
    await community.moderate(withPicture, 'reject')
    await cloud.clock.advance(HOUR_MS)
    expect(await statusOf(withPicture)).toBe('rejected')
  })
})

describe('community/appeal', () => {
  it('brings what was taken down before a moderator once more, and back when they agree', async () => {
    await community.moderate(postId, 'takeDown')
    expect(await appeal('这是原创')).toMatchObject({ code: 0 })
    expect(await appeal('这是原创')).toMatchObject({ code: 0 })
    expect(await appeal('再看看')).toMatchObject({ error: 'APPEAL_STATE' })
    expect((await queue()).items).toMatchObject([{ reasons: ['appeal'], appeal: { text: '这是原创' } }])
    await cloud.clock.advance(1)
    await community.moderate(postId, 'approve')
    expect(await statusOf()).toBe('visible')
    const { items } = await cloud.as('author').ok<{ items: { body: string }[] }>('notification/inbox')
    expect(items[0]?.body).toContain('申诉成功')
    expect(await appeal('谢谢')).toMatchObject({ error: 'APPEAL_STATE' })
  })

  it('that is turned down leaves things as they are, and allows one more against that decision', async () => {
    await community.moderate(postId, 'takeDown')
    await appeal('这是原创')
    await cloud.clock.advance(1)
    await community.moderate(postId, 'reject')
    expect(await statusOf()).toBe('taken_down')
    expect((await queue()).items).toEqual([])
    const { items } = await cloud.as('author').ok<{ items: { body: string }[] }>('notification/inbox')
    expect(items[0]?.body).toContain('申诉未通过')
    expect(await appeal('请再看')).toMatchObject({ code: 0 })
  })

  it('is refused to strangers, and when there is nothing to appeal against', async () => {
    expect(await appeal('为什么')).toMatchObject({ error: 'APPEAL_STATE' })
    await community.moderate(postId, 'takeDown')
    expect(await appeal('我也不满', 'reader')).toMatchObject({ error: 'NOT_FOUND' })
  })

  it('finds everything that it needs, for comments too', async () => {
    const commentId = await community.comment('reader', postId)
    await community.moderate(commentId, 'takeDown', 'comment')
    const input = { kind: 'comment', subjectId: commentId, text: '只是玩笑' }
    await cloud.as('reader').ok('community/appeal', input)
    expect((await queue({ kind: 'comment' })).items).toMatchObject([
      { subjectId: commentId, content: { text: 'reader的评论' } },
    ])
    expect((await queue({ kind: 'post' })).items).toEqual([])
  })
})

describe('community/reviewQueue', () => {
  it('has those that wait longest first, by cursor; one request, and one for each kind', async () => {
    const ids: string[] = []
    for (let i = 0; i < 5; i++) {
      await cloud.clock.advance(1000)
      ids.push(await community.post('third', { text: `a lottery ${i}` }))
    }
    const first = await queue({ size: 3 })
    await queue({ size: 3 })
    expect(cloud.databaseCalls()).toBe(2)
    const rest = await queue({ size: 3, cursor: first.nextCursor })
    expect([...first.items, ...rest.items].map(({ subjectId }) => subjectId)).toEqual(ids)
    expect(JSON.stringify(first)).not.toContain('traceId')
  })
})

describe('community/mute', () => {
  it('keeps somebody from writing until then; they may still read and like', async () => {
    const untilMs = cloud.clock.nowMs() + HOUR_MS
    const userId = cloud.openid('author')
    await cloud.as('admin').ok('community/mute', { userId, untilMs, reason: '刷屏' })
    for (const [route, input] of [
      ['createPost', { text: 'a' }],
      ['comment', { postId, text: 'a' }],
      ['editPost', { postId, revision: 1, text: 'a' }],
    ] as const)
      expect([route, await cloud.as('author').refused(`community/${route}`, input)]).toEqual([
        route,
        'MEMBER_MUTED',
      ])
    await cloud.as('author').ok('community/likePost', { postId, on: true })
    await cloud.clock.advance(HOUR_MS)
    await community.comment('author', postId)
  })

  it('can be lifted; it needs a member, a time to come, and somebody else', async () => {
    const userId = cloud.openid('author')
    const mute = (input: object) =>
      cloud
        .as('admin')
        .call('community/mute', { userId, untilMs: cloud.clock.nowMs() + 1000, reason: 'x', ...input })
    expect(await mute({ untilMs: 1 })).toMatchObject({ error: 'INVALID_INPUT' })
    expect(await mute({ userId: 'nobody' })).toMatchObject({ error: 'NOT_FOUND' })
    expect(await mute({ userId: cloud.openid('admin') })).toMatchObject({ error: 'FORBIDDEN' })
    expect(await mute({})).toMatchObject({ code: 0 })
    await cloud.as('admin').ok('community/unmute', { userId })
    await community.comment('author', postId)
  })
})

describe('sensitive words', () => {
  const save = (input: object = {}) =>
    cloud.as('admin').ok('community/saveSensitiveWords', {
      category: 'gambling',
      title: '赌博',
      action: 'refuse',
      words: ['赌博', '彩票', '赌博'],
      ...input,
    })

  it('are refused with their category, however they are written, until they are taken off the list', async () => {
    expect(await save()).toEqual({ category: 'gambling', count: 2 })
    const reply = await cloud.as('author').call('community/createPost', { text: '一起来 赌-博 吧' })
    expect(reply).toMatchObject({ error: 'CONTENT_REFUSED', details: { categories: ['gambling'] } })
    expect(JSON.stringify(reply)).not.toContain('赌博')
    expect(await cloud.as('admin').ok('community/sensitiveWords')).toMatchObject({
      items: [{ category: 'gambling', title: '赌博', words: ['彩票', '赌博'] }],
    })
    await save({ words: [] })
    await community.post('author', { text: '一起来赌博吧' })
    expect(await cloud.as('admin').ok('community/sensitiveWords')).toEqual({ items: [] })
  })

  it('of a doubtful category send the text to a moderator', async () => {
    await save({ action: 'review' })
    const doubtful = await community.post('author', { text: '买彩票' })
    expect(await statusOf(doubtful)).toBe('pending')
    expect((await queue()).items).toMatchObject([
      { subjectId: doubtful, text: { words: [{ word: '彩票', category: 'gambling' }] } },
    ])
  })

  it('reach an instance that has read the list before, and cost no request while they stay', async () => {
    await community.post('third')
    const before = cloud.databaseCalls()
    await save()
    await cloud.clock.advance(16_000)
    expect(await cloud.as('author').refused('community/createPost', { text: '赌博' })).toBe('CONTENT_REFUSED')
    await community.post('third')
    expect(cloud.databaseCalls()).toBeLessThanOrEqual(before)
  })
})
