import tcb from '@cloudbase/node-sdk'
import { PNG } from 'pngjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LiveCloud, liveCloud } from '../support/live.ts'

const MINUTE_MS = 60_000

interface Page {
  items: {
    postId: string
    status: string
    likeCount: number
    isLiked: boolean
    author: { nickname: string }
  }[]
  nextCursor: string | null
}

/** Two friends and a moderator, from the first post to an appeal; the built functions on the local cloud. */
describe('the community', () => {
  let cloud: LiveCloud
  beforeAll(async () => {
    cloud = await liveCloud()
    for (const [name, nickname] of [
      ['admin', '管理员'],
      ['author1', '青禾'],
      ['reader1', '小满'],
      ['moderator1', '版主'],
    ] as const) {
      await cloud.as(name).ok('user/login')
      await cloud.as(name).ok('user/updateProfile', { nickname })
    }
    await cloud.as('admin').ok('user/installRoles')
    const grant = { userId: cloud.openid('moderator1'), role: 'content_moderator' }
    await cloud.as('admin').ok('user/grantRole', grant)
    await cloud.control('PUT', 'message-push', {
      rules: [{ msgType: 'event', event: 'wxa_media_check', functionName: 'media' }],
    })
    await cloud.control('PUT', 'media-checks', { delayMs: MINUTE_MS, hold: false })
    await cloud.emulator.wechat.words.set([{ word: 'casino', suggest: 'risky', label: 20006 }])
  })
  afterAll(() => cloud.stop())

  const feed = async (name: string, input: object = {}) =>
    (await cloud.as(name).ok<Page>('community/feed', input)).items
  const post = async (name: string, input: object) =>
    (await cloud.as(name).ok<{ postId: string }>('community/createPost', input)).postId

  async function upload(name: string): Promise<string> {
    const content = PNG.sync.write(new PNG({ width: 2, height: 2 }))
    const files = [{ type: 'image/png', bytes: content.length }]
    const granted = await cloud
      .as(name)
      .ok<{ files: { mediaId: string; cloudPath: string }[] }>('media/grant', { policy: 'post', files })
    const [{ mediaId, cloudPath } = { mediaId: '', cloudPath: '' }] = granted.files
    const { envId, url } = cloud.emulator
    const storage = tcb.init({
      env: envId,
      secretId: 'local',
      secretKey: 'local',
      serviceUrl: `${url}/admin`,
    })
    await storage.uploadFile({ cloudPath, fileContent: content })
    return (await cloud.as(name).ok<{ fileId: string }>('media/confirm', { mediaId })).fileId
  }

  it('shows a post with pictures when WeChat has looked at them, and to its author at once', async () => {
    const postId = await post('author1', { text: '桃花开了', images: [await upload('author1')] })
    expect(await feed('reader1')).toEqual([])
    expect(await cloud.as('author1').ok('community/post', { postId })).toMatchObject({ status: 'pending' })
    expect(await cloud.as('reader1').refused('community/post', { postId })).toBe('NOT_FOUND')
    await cloud.emulator.clock.advance(MINUTE_MS)
    expect(await feed('reader1')).toMatchObject([{ postId, author: { nickname: '青禾' } }])
  })

  it('lets friends follow, like, keep, comment and answer; each is told', async () => {
    const reader = cloud.as('reader1')
    const [first] = await feed('reader1')
    const postId = first?.postId ?? ''
    await reader.ok('community/follow', { userId: cloud.openid('author1'), on: true })
    for (let i = 0; i < 3; i++) await reader.ok('community/likePost', { postId, on: true })
    await reader.ok('community/favouritePost', { postId, on: true })
    const { commentId } = await reader.ok<{ commentId: string }>('community/comment', {
      postId,
      text: '真好看',
    })
    await cloud.as('author1').ok('community/comment', { postId, text: '谢谢', replyToId: commentId })
    const following = await reader.ok<Page>('community/followingFeed')
    expect(following.items).toMatchObject([{ postId, likeCount: 1, isLiked: true, commentCount: 2 }])
    expect(await cloud.as('author1').ok('notification/inbox')).toMatchObject({
      items: [{ title: '收到新评论' }],
    })
    expect(await reader.ok('notification/inbox')).toMatchObject({ items: [{ title: '收到新评论' }] })
  })

  it('answers nonsense and bad words with a refusal', async () => {
    expect(await cloud.as('author1').refused('community/createPost', { text: 'casino' })).toBe(
      'CONTENT_REFUSED',
    )
    const stolen = { text: 'a', images: ['cloud://elsewhere/a.png'] }
    expect(await cloud.as('author1').refused('community/createPost', stolen)).toBe('NOT_FOUND')
    expect(await cloud.as('reader1').refused('community/reviewQueue')).toBe('FORBIDDEN')
  })

  it('keeps what nobody could judge from showing, and shows it when WeChat is back', async () => {
    const effect = { kind: 'error', code: 'SYS_ERR' }
    await cloud.control('POST', 'faults', { service: 'wechat', operation: 'wx.openApi', effect, times: 3 })
    const postId = await post('author1', { text: '微信暂时不在' })
    expect((await feed('reader1')).map((card) => card.postId)).not.toContain(postId)
    await cloud.emulator.clock.advance(2 * MINUTE_MS)
    await cloud.fireTimer('scheduler')
    expect((await feed('reader1')).map((card) => card.postId)).toContain(postId)
  })

  it('reports, takes down, hears an appeal and brings back', async () => {
    const postId = await post('author1', { text: '有点激烈的话' })
    const subject = { kind: 'post', subjectId: postId }
    await cloud.as('reader1').ok('community/report', { ...subject, reason: 'abuse' })
    const moderator = cloud.as('moderator1')
    const queue = await moderator.ok<{ items: { subjectId: string; updatedAtMs: number }[] }>(
      'community/reviewQueue',
    )
    expect(queue.items.map(({ subjectId }) => subjectId)).toEqual([postId])
    const seenAtMs = queue.items[0]?.updatedAtMs
    const decision = { ...subject, action: 'takeDown', reason: '言辞激烈', seenAtMs }
    await moderator.ok('community/moderate', decision)
    expect((await feed('reader1')).map((card) => card.postId)).not.toContain(postId)
    await cloud.as('author1').ok('community/appeal', { ...subject, text: '只是玩笑' })
    await moderator.ok('community/moderate', { ...subject, action: 'approve', reason: '确是玩笑' })
    expect((await feed('reader1')).map((card) => card.postId)).toContain(postId)
    const inbox = await cloud.as('author1').ok<{ items: { body: string }[] }>('notification/inbox')
    expect(inbox.items.map(({ body }) => body).join()).toContain('申诉成功')
  })

  it('finds posts by words, by place, by topic and by heat, and keeps drafts until they are published', async () => {
    const author = cloud.as('author1')
    const { topicId } = await cloud
      .as('admin')
      .ok<{ topicId: string }>('community/createTopic', { title: '春茶日记' })
    const place = { name: '龙井村', longitude: 120.1003, latitude: 30.2257 }
    const content = { text: '豆香很足', place, topicIds: [topicId] }
    const { draftId } = await author.ok<{ draftId: string }>('community/saveDraft', content)
    const postId = await post('author1', { ...content, draftId, mentionUserIds: [cloud.openid('reader1')] })
    expect(await author.ok('community/drafts')).toEqual({ items: [] })
    await cloud.as('reader1').ok('community/favouritePost', { postId, on: true })
    const around = { longitude: 120.1, latitude: 30.2257, withinM: 1_000 }
    for (const [route, input] of [
      ['search', { text: '豆香' }],
      ['nearby', around],
      ['feed', { topicId }],
      ['feed', { topicId, order: 'hot' }],
      ['favourites', { size: 1 }],
      ['mentionsOfMe', {}],
    ] as const) {
      const page = await cloud.as('reader1').ok<Page>(`community/${route}`, input)
      expect([route, page.items]).toMatchObject([route, [{ postId, place, isFavourite: true }]])
    }
  })

  it('changes, hides and forgets what its author changes and deletes', async () => {
    const author = cloud.as('author1')
    const postId = await post('author1', { text: '写错了' })
    await author.ok('community/editPost', { postId, revision: 1, text: '改好了' })
    expect(await author.refused('community/editPost', { postId, revision: 1, text: '再改' })).toBe('STALE')
    expect(await author.ok('community/postHistory', { postId })).toMatchObject({
      items: [{ text: '写错了' }],
    })
    await author.ok('community/deletePost', { postId })
    expect(await cloud.as('reader1').refused('community/post', { postId })).toBe('NOT_FOUND')
  })

  it('lets somebody who is muted read, and write again when it is over', async () => {
    const untilMs = cloud.emulator.clock.nowMs() + MINUTE_MS
    const mute = { userId: cloud.openid('reader1'), untilMs, reason: '刷屏' }
    await cloud.as('moderator1').ok('community/mute', mute)
    expect(await cloud.as('reader1').refused('community/createPost', { text: 'a' })).toBe('MEMBER_MUTED')
    expect((await feed('reader1')).length).toBeGreaterThan(0)
    await cloud.emulator.clock.advance(MINUTE_MS)
    await post('reader1', { text: '我回来了' })
  })

  it('has counters that a recount finds right', async () => {
    const reply = await cloud.as('admin').ok('community/verifyCounters')
    expect(reply).toMatchObject({ repairs: [] })
  })

  it('pages through everything without skipping or repeating', async () => {
    for (let i = 0; i < 5; i++) await post('reader1', { text: `第 ${i} 帖` })
    const all = (await feed('author1', { size: 50 })).map(({ postId }) => postId)
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page: Page = await cloud.as('author1').ok<Page>('community/feed', { size: 2, cursor })
      seen.push(...page.items.map(({ postId }) => postId))
      cursor = page.nextCursor ?? undefined
    } while (cursor !== undefined)
    expect(seen).toEqual(all)
    expect(seen).toHaveLength(10)
  })
})
