import { beforeEach, describe, expect, it } from 'vitest'
import { type Community, openCommunity } from '../community.fixture.ts'

const MINUTE_MS = 60_000
const CHECK = 'openapi.security.msgSecCheck'

let community: Community
let cloud: Community['cloud']
beforeEach(async () => {
  community = await openCommunity()
  cloud = community.cloud
})

const seen = (name: string, postId: string) => cloud.as(name).call('community/post', { postId })
const statusOf = async (postId: string) => (await community.stored('posts', postId))?.status
const feed = async () =>
  (await cloud.as('reader').ok<{ items: { postId: string }[] }>('community/feed')).items.map(
    ({ postId }) => postId,
  )

describe('community/createPost', () => {
  it('shows a text that passes at once, with the name of its author', async () => {
    const reply = await cloud.as('author').ok('community/createPost', {
      text: '  西湖边的花开了 ',
      place: { name: '西湖', longitude: 120.15, latitude: 30.25 },
    })
    expect(reply).toMatchObject({ status: 'visible' })
    const [postId] = await feed()
    expect(await seen('reader', postId ?? '')).toMatchObject({
      data: {
        text: '西湖边的花开了',
        author: { nickname: 'author的昵称' },
        place: { name: '西湖', longitude: 120.15, latitude: 30.25 },
        likeCount: 0,
        isLiked: false,
      },
    })
    expect(JSON.stringify(await seen('reader', postId ?? ''))).not.toMatch(/words|countVersion|_openid/)
  })

  it('posts once however often the same request comes', async () => {
    const input = { text: '只有一次' }
    const send = () => cloud.as('author').call('community/createPost', input, { requestId: 'request-0001' })
    const replies = await Promise.all([send(), send(), send()])
    replies.push(await send())
    expect(new Set(replies.map((reply) => JSON.stringify('data' in reply && reply.data))).size).toBe(1)
    expect(await feed()).toHaveLength(1)
    expect(await community.stored('members', cloud.openid('author'))).toMatchObject({ postCount: 1 })
  })

  it.each([
    [{ text: 'come to the casino' }, 'CONTENT_REFUSED'],
    [{ text: '', images: [] }, 'INVALID_INPUT'],
    [{ images: ['https://elsewhere/a.png'] }, 'INVALID_INPUT'],
    [{ images: Array.from({ length: 10 }, (_, i) => `cloud://e/${i}.png`) }, 'INVALID_INPUT'],
    [{ text: 'a', topicIds: ['nowhere'] }, 'TOPIC_CLOSED'],
    [{ text: 'a', status: 'visible' }, 'INVALID_INPUT'],
    [{ text: '好地方', place: { name: 'casino', longitude: 1, latitude: 1 } }, 'CONTENT_REFUSED'],
  ])('refuses %o with %s and keeps nothing', async (input, error) => {
    expect(await cloud.as('author').refused('community/createPost', input)).toBe(error)
    expect(await cloud.collection('posts').all()).toEqual([])
  })

  it('with a text that WeChat is unsure of waits for a moderator; its author sees it, others do not', async () => {
    const postId = await community.post('author', { text: 'a lottery' })
    expect(await statusOf(postId)).toBe('pending')
    expect(await seen('author', postId)).toMatchObject({ code: 0, data: { status: 'pending' } })
    expect(await seen('reader', postId)).toMatchObject({ error: 'NOT_FOUND' })
    expect(await feed()).toEqual([])
    expect(await cloud.as('author').ok('community/myPosts')).toMatchObject({ items: [{ postId }] })
    expect(await cloud.as('admin').ok('community/reviewQueue')).toMatchObject({
      items: [{ subjectId: postId, reasons: ['text'], content: { text: 'a lottery' } }],
    })
    await community.moderate(postId, 'approve')
    expect(await feed()).toEqual([postId])
  })

  it('is never shown unjudged: while WeChat is down it waits, and shows when WeChat is back and finds nothing', async () => {
    cloud.fail(CHECK, { code: 'SYS_ERR', times: 3 })
    const postId = await community.post('author')
    expect(await statusOf(postId)).toBe('pending')
    expect(await cloud.as('admin').ok('community/reviewQueue')).toMatchObject({
      items: [{ subjectId: postId }],
    })
    await cloud.clock.advance(2 * MINUTE_MS)
    await cloud.asTimer('scheduler', 'everyMinute')
    expect(await statusOf(postId)).toBe('visible')
    expect(await cloud.as('admin').ok('community/reviewQueue')).toMatchObject({ items: [] })
  })

  it('is rejected later when WeChat was down and then finds it risky', async () => {
    cloud.fail(CHECK, { code: 'SYS_ERR', times: 3 })
    const postId = await community.post('author', { text: 'come to the casino' })
    await cloud.clock.advance(2 * MINUTE_MS)
    await cloud.asTimer('scheduler', 'everyMinute')
    expect(await statusOf(postId)).toBe('rejected')
    expect(await seen('author', postId)).toMatchObject({ data: { decision: { action: 'reject' } } })
  })

  it('stays in the queue when WeChat stays down', async () => {
    cloud.fail(CHECK, { code: 'SYS_ERR', times: 1000 })
    const postId = await community.post('author')
    for (let i = 0; i < 12; i++) {
      await cloud.clock.advance(120 * MINUTE_MS)
      await cloud.asTimer('scheduler', 'everyMinute')
    }
    expect(await statusOf(postId)).toBe('pending')
    expect(await community.stored('reviews', postId)).toMatchObject({ queue: 'open', dueAtMs: null })
  })

  it('tells those whom it mentions once it shows, and not before', async () => {
    await community.post('reader')
    const mentionUserIds = [cloud.openid('reader'), cloud.openid('author'), 'a-stranger']
    const postId = await community.post('author', { text: 'a lottery', mentionUserIds })
    expect(await cloud.as('reader').ok('notification/inbox')).toMatchObject({ items: [] })
    await community.moderate(postId, 'approve')
    await community.moderate(postId, 'takeDown')
    await community.moderate(postId, 'approve')
    const { items } = await cloud.as('reader').ok<{ items: unknown[] }>('notification/inbox')
    expect(items).toMatchObject([{ code: 'community.mentioned', page: `pages/post/post?postId=${postId}` }])
    expect(await cloud.as('reader').ok('community/mentionsOfMe')).toMatchObject({ items: [{ postId }] })
  })

  it('counts for its topic and its author while it shows', async () => {
    const { topicId } = await cloud
      .as('admin')
      .ok<{ topicId: string }>('community/createTopic', { title: '春天' })
    const postId = await community.post('author', { topicIds: [topicId] })
    const counts = async () => [
      (await community.stored('topics', topicId))?.postCount,
      (await community.stored('members', cloud.openid('author')))?.postCount,
    ]
    expect(await counts()).toEqual([1, 1])
    await community.moderate(postId, 'takeDown')
    expect(await counts()).toEqual([0, 0])
    await community.moderate(postId, 'approve')
    expect(await counts()).toEqual([1, 1])
    await cloud.as('author').ok('community/deletePost', { postId })
    expect(await counts()).toEqual([0, 0])
    await cloud.as('admin').ok('community/updateTopic', { topicId, title: '春天', status: 'closed' })
    const refused = cloud.as('author').refused('community/createPost', { text: 'a', topicIds: [topicId] })
    expect(await refused).toBe('TOPIC_CLOSED')
  })
})

describe('pictures', () => {
  let picture: string
  let otherPicture: string
  beforeEach(async () => {
    picture = await community.picture('author')
    otherPicture = await community.picture('author')
    await cloud.wechat.control.mediaChecks.setSettings({ delayMs: 0, hold: true })
  })
  const decide = async (suggest: 'pass' | 'review' | 'risky', at = 0) => {
    const check = cloud.wechat.control.mediaChecks.list().toReversed()[at]
    await cloud.wechat.control.mediaChecks.decide(check?.traceId ?? '', { suggest, label: 100 })
  }
  it('are judged one by one; the post shows when the last one passed', async () => {
    const postId = await community.post('author', { images: [picture, otherPicture] })
    expect(await statusOf(postId)).toBe('pending')
    await decide('pass', 0)
    expect(await statusOf(postId)).toBe('pending')
    await cloud.clock.advance(20 * MINUTE_MS)
    const early = await community.post('reader')
    await decide('pass', 1)
    expect(await statusOf(postId)).toBe('visible')
    // Judged late, so it comes at the top, not below what was published meanwhile.
    expect((await community.stored('posts', postId))?.publishedAtMs).toBe(cloud.clock.nowMs())
    expect(await feed()).toContain(early)
  })

  it.each([
    ['risky', 'rejected'],
    ['review', 'pending'],
  ] as const)('of which one is %s leave the post %s', async (suggest, status) => {
    const postId = await community.post('author', { images: [picture, otherPicture] })
    await decide('pass', 0)
    await decide(suggest, 1)
    expect(await statusOf(postId)).toBe(status)
    const queue = status === 'pending' ? [{ subjectId: postId, reasons: ['image'] }] : []
    expect(await cloud.as('admin').ok('community/reviewQueue')).toMatchObject({ items: queue })
  })

  it('that nobody answers for go to the queue after thirty-five minutes', async () => {
    const postId = await community.post('author', { images: [picture] })
    await cloud.clock.advance(34 * MINUTE_MS)
    await cloud.asTimer('scheduler', 'everyMinute')
    expect(await community.stored('reviews', postId)).toMatchObject({ queue: 'none' })
    await cloud.clock.advance(2 * MINUTE_MS)
    await cloud.asTimer('scheduler', 'everyMinute')
    expect(await community.stored('reviews', postId)).toMatchObject({ queue: 'open', reasons: ['image'] })
    expect(await statusOf(postId)).toBe('pending')
    await decide('pass') // at last
    expect(await statusOf(postId)).toBe('visible')
  })

  it('that could not be asked about are asked about again', async () => {
    cloud.fail('openapi.security.mediaCheckAsync', { code: 'SYS_ERR', times: 3 })
    const postId = await community.post('author', { images: [picture] })
    expect(cloud.wechat.control.mediaChecks.list()).toEqual([])
    await cloud.clock.advance(3 * MINUTE_MS)
    await cloud.asTimer('scheduler', 'everyMinute')
    await decide('pass')
    expect(await statusOf(postId)).toBe('visible')
  })

  it('that have no address are asked about some times, and then left to a person', async () => {
    cloud.fail('storage.batchGetDownloadUrl', { code: 'STORAGE_REQUEST_FAIL', times: 1000 })
    const postId = await community.post('author', { images: [picture] })
    for (let i = 0; i < 10; i++) {
      await cloud.clock.advance(120 * MINUTE_MS)
      await cloud.asTimer('scheduler', 'everyMinute')
    }
    expect(await statusOf(postId)).toBe('pending')
    expect(await community.stored('reviews', postId)).toMatchObject({ queue: 'open', dueAtMs: null })
  })

  it('of others, or not of this cloud, are refused; those of a post are not swept away', async () => {
    const refused = (name: string, fileId: string) =>
      cloud.as(name).refused('community/createPost', { text: 'a', images: [fileId] })
    expect(await refused('reader', picture)).toBe('NOT_FOUND')
    expect(await refused('author', 'cloud://local/elsewhere.png')).toBe('NOT_FOUND')
    await community.post('author', { images: [picture] })
    await cloud.clock.advance(3 * 24 * 60 * MINUTE_MS)
    await cloud.asTimer('scheduler', 'everyMinute')
    const kept = (await cloud.collection('media_files').all()).map(({ fileId }) => fileId)
    expect(kept).toEqual([picture])
  })

  it('may be judged before we know under which number we asked', async () => {
    const verdict = (trace_id: string) => ({
      MsgType: 'event',
      Event: 'wxa_media_check',
      trace_id,
      version: 2,
      errcode: 0,
      result: { suggest: 'pass', label: 100 },
    })
    cloud.override('openapi.security.mediaCheckAsync', async () => {
      await cloud.asPlatform('media', verdict('trace-1'))
      return { traceId: 'trace-1' }
    })
    const postId = await community.post('author', { images: [picture] })
    expect(await statusOf(postId)).toBe('visible')
    // And again, which changes nothing.
    expect(await cloud.asPlatform('media', verdict('trace-1'))).toBe('success')
  })

  it('are not passed by a user who plays WeChat, nor by a message that cannot be read', async () => {
    const postId = await community.post('author', { images: [picture] })
    const [check] = cloud.wechat.control.mediaChecks.list()
    const message = { MsgType: 'event', Event: 'wxa_media_check', trace_id: check?.traceId, errcode: 0 }
    const passed = { ...message, result: { suggest: 'pass', label: 100 } }
    await cloud.as('author').send('media', passed)
    await cloud.asPlatform('media', { ...passed, trace_id: 7 })
    expect(await statusOf(postId)).toBe('pending')
    await cloud.asPlatform('media', { ...message, errcode: -1008 })
    expect(await community.stored('reviews', postId)).toMatchObject({ queue: 'open' })
  })
})

describe('community/editPost', () => {
  const edit = (postId: string, revision: number, input: object) =>
    cloud.as('author').call('community/editPost', { postId, revision, ...input })

  it('changes the post and keeps how it was', async () => {
    const postId = await community.post('author', { text: '第一版' })
    expect(await edit(postId, 1, { text: '第二版' })).toMatchObject({
      data: { revision: 2, status: 'visible' },
    })
    expect(await edit(postId, 2, { text: '第三版' })).toMatchObject({ data: { revision: 3 } })
    expect(await seen('reader', postId)).toMatchObject({ data: { text: '第三版', revision: 3 } })
    const history = {
      items: [
        { text: '第二版', revision: 2 },
        { text: '第一版', revision: 1 },
      ],
    }
    expect(await cloud.as('author').ok('community/postHistory', { postId })).toMatchObject(history)
    expect(await cloud.as('admin').ok('community/postHistory', { postId })).toMatchObject(history)
    expect(await cloud.as('reader').refused('community/postHistory', { postId })).toBe('NOT_FOUND')
    expect(await cloud.as('reader').ok('community/search', { text: '第三版' })).toMatchObject({
      items: [{ postId }],
    })
    expect(await cloud.as('reader').ok('community/search', { text: '第一版' })).toMatchObject({ items: [] })
  })

  it('refuses an edit of another revision, of a stranger, of risky words, and of what was taken down', async () => {
    const postId = await community.post('author')
    expect(await edit(postId, 2, { text: 'a' })).toMatchObject({ error: 'STALE' })
    expect(await edit(postId, 1, { text: 'casino' })).toMatchObject({ error: 'CONTENT_REFUSED' })
    const stranger = { postId, revision: 1, text: 'mine now' }
    expect(await cloud.as('reader').refused('community/editPost', stranger)).toBe('NOT_FOUND')
    await community.moderate(postId, 'takeDown')
    expect(await edit(postId, 1, { text: 'a' })).toMatchObject({ error: 'CONTENT_STATE' })
  })

  it('of two at the same time one is told STALE', async () => {
    const postId = await community.post('author')
    const replies = await Promise.all([edit(postId, 1, { text: '一' }), edit(postId, 1, { text: '二' })])
    expect(replies.map(({ code }) => code).sort()).toEqual([0, 1006])
  })

  it('hides the post until a doubt is settled, and brings it back at its old place', async () => {
    const postId = await community.post('author')
    const publishedAtMs = (await community.stored('posts', postId))?.publishedAtMs
    await cloud.clock.advance(MINUTE_MS)
    expect(await edit(postId, 1, { text: 'a lottery' })).toMatchObject({ data: { status: 'pending' } })
    expect(await feed()).toEqual([])
    await community.moderate(postId, 'approve')
    expect(await community.stored('posts', postId)).toMatchObject({ status: 'visible', publishedAtMs })
  })

  it('asks about new pictures only', async () => {
    const picture = await community.picture('author')
    const otherPicture = await community.picture('author')
    await cloud.wechat.control.mediaChecks.setSettings({ delayMs: 0, hold: false })
    const postId = await community.post('author', { images: [picture] })
    await cloud.clock.advance(1)
    expect(await statusOf(postId)).toBe('visible')
    expect(await edit(postId, 1, { text: '只改字', images: [picture] })).toMatchObject({
      data: { status: 'visible' },
    })
    expect(cloud.wechat.control.mediaChecks.list()).toHaveLength(1)
    expect(await edit(postId, 2, { images: [picture, otherPicture] })).toMatchObject({
      data: { status: 'pending' },
    })
    expect(cloud.wechat.control.mediaChecks.list()).toHaveLength(2)
    await cloud.clock.advance(1)
    expect(await statusOf(postId)).toBe('visible')
  })

  it('sends what a moderator rejected back to a moderator, however harmless it reads now', async () => {
    const postId = await community.post('author', { text: 'a lottery' })
    await community.moderate(postId, 'reject')
    expect(await edit(postId, 1, { text: '没什么' })).toMatchObject({ data: { status: 'pending' } })
    expect(await community.stored('reviews', postId)).toMatchObject({ queue: 'open', reasons: ['edited'] })
    await community.moderate(postId, 'approve')
    expect(await statusOf(postId)).toBe('visible')
  })
})

describe('community/deletePost', () => {
  it('hides it for good, keeps what it was, and may come twice', async () => {
    const postId = await community.post('author')
    expect(await cloud.as('reader').refused('community/deletePost', { postId })).toBe('NOT_FOUND')
    await cloud.as('author').ok('community/deletePost', { postId })
    await cloud.as('author').ok('community/deletePost', { postId })
    expect(await seen('author', postId)).toMatchObject({ error: 'NOT_FOUND' })
    expect(await community.stored('posts', postId)).toMatchObject({ text: 'author的帖子', status: 'deleted' })
    const brought = { kind: 'post', subjectId: postId, action: 'approve', reason: 'x' }
    expect(await cloud.as('admin').refused('community/moderate', brought)).toBe('CONTENT_STATE')
  })
})

describe('drafts', () => {
  it('are the author’s own, change as a whole, and go when they are published', async () => {
    const me = cloud.as('author')
    const picture = await community.picture('author')
    const { draftId } = await me.ok<{ draftId: string }>('community/saveDraft', { text: 'casino?' })
    await me.ok('community/saveDraft', { draftId, text: '花', images: [picture] })
    expect(await me.ok('community/drafts')).toMatchObject({
      items: [{ draftId, text: '花', images: [picture] }],
    })
    expect(await cloud.as('reader').ok('community/drafts')).toEqual({ items: [] })
    expect(await cloud.as('reader').refused('community/saveDraft', { draftId, text: 'b' })).toBe('NOT_FOUND')
    await cloud.as('reader').ok('community/removeDraft', { draftId })
    expect(await cloud.collection('post_drafts').all()).toHaveLength(1)
    await cloud.as('reader').ok('community/createPost', { text: 'b', draftId })
    expect(await cloud.collection('post_drafts').all()).toHaveLength(1)
    await me.ok('community/createPost', { text: '花', draftId })
    expect(await cloud.collection('post_drafts').all()).toEqual([])
  })

  it('are twenty at most', async () => {
    for (let i = 0; i < 20; i++) await cloud.as('author').ok('community/saveDraft', { text: `${i}` })
    expect(await cloud.as('author').refused('community/saveDraft', { text: 'more' })).toBe('DRAFT_LIMIT')
  })
})
