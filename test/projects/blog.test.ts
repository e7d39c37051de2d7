import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { copyProject, type Stranger, startStranger } from './stranger.ts'

const START_MS = Date.UTC(2019, 10, 11, 2)
/** 1 × 1 pixel. */
const COVER =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

/** A blog in the style of 2019: wx-server-sdk 1.8, promises with then, a callback, hard-coded environment ids. */
describe('the blog of 2019', () => {
  let stranger: Stranger
  const ids: Record<string, string> = {}
  const result = async (name: string, event: object, user?: string) =>
    (await stranger.call(name, event, user)).result
  const article = (action: string, event: object = {}, user?: string) =>
    result('article', { action, ...event }, user)

  beforeAll(async () => {
    stranger = await startStranger(copyProject('blog'), { clock: 'manual', clockStartMs: START_MS })
  })
  afterAll(() => stranger[Symbol.asyncDispose]())

  it('makes its collections, and lives with those that are there', async () => {
    expect(await article('setup')).toEqual({ created: ['users', 'articles', 'comments', 'counters'] })
    expect(await article('setup')).toEqual({ created: [] })
  })

  it('knows its users again', async () => {
    const first = await result('login', { nickName: '小李' }, 'author1')
    expect(first).toEqual({
      userId: expect.any(String),
      openid: stranger.emulator.users.identityOf('author1')?.openid,
      appid: stranger.emulator.appid,
    })
    expect(await result('login', {}, 'author1')).toEqual(first)
    expect((await result('login', {}, 'buyer1')).userId).not.toBe(first.userId)
  })

  it('publishes articles, with a cover in cloud storage', async () => {
    for (const [title, tags] of [
      ['云开发入门', ['cloud', 'intro']],
      ['Aggregation', ['cloud']],
      ['日常', []],
    ] as const) {
      const cover = title === '日常' ? COVER : undefined
      const { code, id } = await article(
        'publish',
        { title, content: `about ${title}`, tags, cover },
        'author1',
      )
      expect(code).toBe(0)
      ids[title] = id
      await stranger.emulator.clock.advance(1_000)
    }
    expect(await article('publish', {}, 'author1')).toEqual({ code: 1, msg: '标题不能为空' })
    const { article: daily } = await article('detail', { id: ids.日常 })
    expect(daily.cover).toMatch(/^cloud:\/\/.*\/cover\/.*\.png$/)
    expect(daily.createTime).toBe(new Date(START_MS + 2_000).toISOString())
  })

  it('lists by page, newest first, without the content', async () => {
    const page = await article('page', { size: 2 })
    expect(page.map(({ title }: { title: string }) => title)).toEqual(['日常', 'Aggregation'])
    expect(page[0]).not.toHaveProperty('content')
    expect(await article('page', { size: 2, page: 2 })).toMatchObject([{ title: '云开发入门' }])
  })

  it('lists all in portions of 100', async () => {
    const data = Array.from({ length: 230 }, (_, n) =>
      JSON.stringify({ _id: `old${n}`, title: `old ${n}`, published: true, tags: ['old'], likes: [] }),
    )
    await stranger.emulator.database.handle(
      'database.insertDocument',
      { collectionName: 'articles', data },
      {},
    )
    expect((await article('all', { tag: 'old' })).data).toHaveLength(230)
    expect((await article('all', { tag: 'cloud' })).data).toHaveLength(2)
    expect(await article('all', { tag: 'none' })).toEqual({ data: [], total: 0 })
  })

  it('counts a view that nobody waits for', async () => {
    const id = ids.Aggregation
    for (let view = 1; view <= 2; view++) await article('detail', { id })
    await article('page')
    expect((await article('detail', { id })).article.views).toBeGreaterThanOrEqual(2)
    expect(await article('detail', { id: 'nothing' })).toEqual({
      code: 404,
      msg: expect.stringContaining('does not exist'),
    })
  })

  it('is liked and no longer liked', async () => {
    const like = () => article('like', { id: ids.Aggregation }, 'buyer1')
    expect([await like(), await like(), await like()]).toEqual([
      { liked: true },
      { liked: false },
      { liked: true },
    ])
  })

  it('is searched by a regular expression', async () => {
    expect(await article('search', { keyword: 'AGGRE' })).toEqual(['Aggregation'])
  })

  it('takes comments through a callback, after a check, and calls another function', async () => {
    const comment = (content: string, articleId = ids.Aggregation) =>
      result('comment', { articleId, content }, 'buyer1')
    expect(await comment('写得好')).toEqual({ code: 0, id: expect.any(String), comments: 1 })
    expect(await comment('again')).toMatchObject({ comments: 2 })
    expect(await comment('first', ids.云开发入门)).toMatchObject({ comments: 1 })
    expect(await comment('网上赌博')).toEqual({ code: 87014, msg: '内容含有违法违规内容' })
    expect(stranger.logged('error')).toEqual([])
  })

  it('ranks by aggregation with lookup', async () => {
    expect(await result('rank', {})).toEqual([
      { _id: ids.Aggregation, comments: 2, last: expect.anything(), title: 'Aggregation', likes: 1 },
      { _id: ids.云开发入门, comments: 1, last: expect.anything(), title: '云开发入门', likes: 0 },
    ])
    expect((await result('rank', { type: 'tags' })).slice(1)).toEqual([
      { _id: 'cloud', count: 2, titles: ['云开发入门', 'Aggregation'] },
      { _id: 'intro', count: 1, titles: ['云开发入门'] },
    ])
  })

  it('ranks by timer every night', async () => {
    const nextMs = Date.UTC(2019, 10, 11, 19, 30) // 3:30 in China
    await stranger.emulator.clock.advance(nextMs - stranger.emulator.clock.nowMs())
    const query = '{"_id":"hot"}'
    const read = async () =>
      Object(
        await stranger.emulator.database.handle(
          'database.getDocument',
          { collectionName: 'counters', query },
          {},
        ),
      ).data.list
    await expect.poll(read).toHaveLength(1)
    expect(JSON.parse((await read())[0]).list).toMatchObject([
      { title: 'Aggregation' },
      { title: '云开发入门' },
    ])
  })

  it('makes a poster with a real code', async () => {
    const { contentType, url } = await result('poster', { id: ids.Aggregation })
    expect(contentType).toMatch(/^image\//)
    const picture = await fetch(url)
    expect(picture.headers.get('content-type')).toMatch(/^image\/(png|jpeg)$/)
  })

  it('notifies whoever allowed it, once', async () => {
    const touser = stranger.emulator.users.identityOf('buyer1')?.openid
    const notify = () => result('poster', { action: 'notify', touser, title: '新文章' }, 'author1')
    expect(await notify()).toBe(43101)
    await fetch(`${stranger.emulator.url}/control/messages/grants`, {
      method: 'POST',
      body: JSON.stringify({ user: 'buyer1', templateId: 'tmpl-new-article' }),
    })
    expect([await notify(), await notify()]).toEqual([0, 43101])
  })

  it('lets only the author remove an article, with its comments and cover', async () => {
    const id = ids.日常
    expect(await article('remove', { id }, 'buyer1')).toEqual({ code: 403, msg: '只能删除自己的文章' })
    expect(await article('remove', { id }, 'author1')).toEqual({ code: 0, stats: { removed: 1 } })
    expect(await article('detail', { id })).toMatchObject({ code: 404 })
  })
})
