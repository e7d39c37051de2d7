import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Emulator, startEmulator } from '../../emulator/index.ts'
import { type PageServer, servePages, startChromium, type TestBrowser } from './chromium.ts'

let cloud: Emulator
let browser: TestBrowser
let pages: PageServer

beforeAll(async () => {
  cloud = await startEmulator({ project: join(import.meta.dirname, 'project') })
  pages = await servePages({ '/': `<script src="${cloud.url}/client/wx-cloud.js"></script>` })
  browser = await startChromium()
})

afterAll(async () => {
  await browser.stop()
  await pages.stop()
  await cloud.stop()
})

const phones = new Map<string, Page>()
const uncaught: Error[][] = []

/** The page in which this user has called `wx.cloud.init`. */
async function phoneOf(user: string): Promise<Page> {
  const known = phones.get(user)
  if (known) return known
  const opened = await browser.open(pages.url)
  const { page } = opened
  uncaught.push(opened.uncaught)
  await page.evaluate(`localStorage.setItem('cloudbase-emulator-user', '${user}')`)
  await page.evaluate('wx.cloud.init({ env: "local" })')
  phones.set(user, page)
  return page
}

/** What the body of an async function gives in the page, or the error that it rejects with. */
function runBody(page: Page, body: string): Promise<unknown> {
  return page.evaluate(`(async () => { ${body} })().catch(({ errCode, errMsg }) => ({ errCode, errMsg }))`)
}

const run = (page: Page, expression: string) => runBody(page, `return ${expression}`)

const openid = (user: string) => cloud.users.identityOf(user)?.openid

describe('wx.cloud in a page', () => {
  it('calls functions as the chosen user', async () => {
    const page = await phoneOf('buyer1')
    const called = await run(page, 'wx.cloud.callFunction({ name: "echo", data: { n: 1, text: "二" } })')
    expect(called).toEqual({
      result: { n: 1, text: '二', userInfo: { appId: cloud.appid, openId: openid('buyer1') } },
      requestID: expect.any(String),
      errMsg: 'cloud.callFunction:ok',
    })
    await page.evaluate('window.__cloudbase_emulator__ = { user: "buyer2" }')
    expect(await run(page, '(await wx.cloud.callFunction({ name: "echo" })).result.userInfo.openId')).toBe(
      openid('buyer2'),
    )
    await page.evaluate('delete window.__cloudbase_emulator__')
  })

  it('tells why a function failed, with the platform’s number', async () => {
    const page = await phoneOf('buyer1')
    expect(await run(page, 'wx.cloud.callFunction({ name: "fail" })')).toEqual({
      errCode: -504002,
      errMsg: expect.stringContaining('not today'),
    })
    expect(await run(page, 'wx.cloud.callFunction({})')).toEqual({
      errCode: -401003,
      errMsg: expect.stringContaining('parameter.name should be string instead of undefined'),
    })
  })

  it('takes callbacks and returns nothing then', async () => {
    const page = await phoneOf('buyer1')
    const told = await run(
      page,
      `new Promise((resolve) => {
        const told = []
        const tell = (what) => (outcome) => told.push([what, outcome.errMsg.slice(0, 23), outcome.errCode])
        const options = (name, last) => ({
          name, success: tell('success'), fail: tell('fail'),
          complete: (outcome) => { tell('complete')(outcome); last() },
        })
        const returned = wx.cloud.callFunction(options('echo', () => {
          wx.cloud.callFunction(options('fail', () => resolve({ told, returned: String(returned) })))
        }))
      })`,
    )
    expect(told).toEqual({
      told: [
        ['success', 'cloud.callFunction:ok', undefined],
        ['complete', 'cloud.callFunction:ok', undefined],
        ['fail', 'cloud.callFunction:fail', -504002],
        ['complete', 'cloud.callFunction:fail', -504002],
      ],
      returned: 'undefined',
    })
  })

  it('asks for init first', async () => {
    const { page } = await browser.open(pages.url)
    expect(await run(page, 'wx.cloud.callFunction({ name: "echo" })')).toMatchObject({
      errMsg: expect.stringContaining('please call wx.cloud.init first'),
    })
  })

  it('hands open data to a function in the place of a CloudID', async () => {
    const { cloudID } = await cloud.wechat.cloudIds.issue(String(openid('buyer1')), 'phone')
    const page = await phoneOf('buyer1')
    const event = `{ top: wx.cloud.CloudID("${cloudID}"), inner: { id: new wx.cloud.CloudID("${cloudID}") } }`
    const result = await run(page, `(await wx.cloud.callFunction({ name: "echo", data: ${event} })).result`)
    expect(result).toMatchObject({
      top: { cloudID, data: { countryCode: '86' } },
      inner: { id: cloudID },
    })
  })
})

describe('wx.cloud.database in a page', () => {
  it('adds, reads, changes and removes one’s own documents, and nobody else’s', async () => {
    const page = await phoneOf('buyer1')
    const notes = 'wx.cloud.database().collection("notes")'
    expect(await run(page, `${notes}.add({ data: { _id: "n1", text: "milk", at: new Date(5) } })`)).toEqual({
      _id: 'n1',
      errMsg: 'collection.add:ok',
    })
    expect(await run(page, `${notes}.doc("n1").get()`)).toEqual({
      data: { _id: 'n1', text: 'milk', at: new Date(5), _openid: openid('buyer1') },
      errMsg: 'document.get:ok',
    })
    const _ = 'wx.cloud.database().command'
    expect(
      await run(page, `${notes}.doc("n1").update({ data: { n: ${_}.inc(3), "by.whom": "me" } })`),
    ).toEqual({ stats: { updated: 1 }, errMsg: 'document.update:ok' })
    expect(
      await run(
        page,
        `(await ${notes}.where({ n: ${_}.gt(2) }).orderBy("n", "desc").limit(5).field({ n: true }).get()).data`,
      ),
    ).toEqual([{ _id: 'n1', n: 3 }])
    expect(await run(page, `${notes}.doc("n2").set({ data: { n: 1 } })`)).toEqual({
      _id: 'n2',
      stats: { updated: 0, created: 1 },
      errMsg: 'document.set:ok',
    })
    expect(await run(page, `${notes}.count()`)).toEqual({ total: 2, errMsg: 'collection.count:ok' })
    expect(
      await run(page, `${notes}.aggregate().group({ _id: null, sum: ${_}.aggregate.sum("$n") }).end()`),
    ).toEqual({ list: [{ _id: null, sum: 4 }], errMsg: 'collection.aggregate:ok' })

    const other = await phoneOf('buyer2')
    expect(await run(other, `(await ${notes}.get()).data`)).toEqual([])
    expect(await run(other, `(await ${notes}.doc("n1").remove()).stats`)).toEqual({ removed: 0 })
    expect(await run(page, `(await ${notes}.doc("n1").remove()).stats`)).toEqual({ removed: 1 })
    expect(await run(page, `(await ${notes}.where({ n: 1 }).remove()).stats`)).toEqual({ removed: 1 })
  })

  it('is refused with -502003 where the rules say no', async () => {
    const page = await phoneOf('buyer1')
    const denied = (apiName: string) => ({
      errCode: -502003,
      errMsg: expect.stringMatching(`^${apiName}:fail -502003 database permission denied\\. `),
    })
    const rooms = 'wx.cloud.database().collection("rooms")'
    const secrets = 'wx.cloud.database().collection("secrets")'
    expect(await run(page, `${secrets}.get()`)).toEqual(denied('collection.get'))
    expect(await run(page, `${secrets}.add({ data: { a: 1 } })`)).toEqual(denied('collection.add'))
    expect(await run(page, `${rooms}.get()`)).toEqual(denied('collection.get'))
    expect(await run(page, `${rooms}.where({ room: "lobby" }).get()`)).toEqual({
      data: [],
      errMsg: 'collection.get:ok',
    })
    expect(await run(page, `${rooms}.aggregate().match({ room: "attic" }).end()`)).toEqual(
      denied('collection.aggregate'),
    )
  })

  it('says what else is wrong as a base library does', async () => {
    const page = await phoneOf('buyer1')
    const notes = 'wx.cloud.database().collection("notes")'
    expect(await run(page, `${notes}.doc("none").get()`)).toEqual({
      errCode: -1,
      errMsg: 'document.get:fail document with _id none does not exist',
    })
    expect(
      await run(page, 'wx.cloud.database({ throwOnNotFound: false }).collection("notes").doc("none").get()'),
    ).toMatchObject({ data: null })
    expect(await run(page, `${notes}.add({})`)).toMatchObject({ errCode: -401003 })
    expect(await run(page, 'wx.cloud.database().collection("nowhere").get()')).toMatchObject({
      errCode: -502005,
      errMsg: expect.stringMatching(/^collection\.get:fail -502005 database collection not exists\. /),
    })
  })

  it('keeps Geo, RegExp and server dates', async () => {
    const page = await phoneOf('author1')
    const found = await runBody(
      page,
      `const db = wx.cloud.database()
      const data = { text: "Milk", at: db.serverDate(), place: db.Geo.Point(120, 30), again: new db.Geo.Point(1, 2) }
      await db.collection("notes").add({ data })
      const text = db.RegExp({ regexp: "^m", options: "i" })
      const { data: [found] } = await db.collection("notes").where({ text }).get()
      return [found.at instanceof Date, found.place.longitude, found.again.latitude]`,
    )
    expect(found).toEqual([true, 120, 2])
  })
})

describe('files in a page', () => {
  it('go up with progress, and come down by id or by link', async () => {
    const page = await phoneOf('buyer1')
    const uploaded = await run(
      page,
      `new Promise((resolve, reject) => {
        const percents = []
        const filePath = URL.createObjectURL(new Blob(["x".repeat(3000000)], { type: "text/plain" }))
        const task = wx.cloud.uploadFile({
          cloudPath: "a/大.txt", filePath,
          success: (result) => resolve({ ...result, last: percents.at(-1) }),
          fail: reject,
        })
        task.onProgressUpdate(({ progress }) => percents.push(progress))
      })`,
    )
    expect(uploaded).toEqual({
      fileID: expect.stringMatching(/^cloud:\/\/.*\/a\/大\.txt$/),
      statusCode: 204,
      errMsg: 'cloud.uploadFile:ok',
      last: 100,
    })
    const { fileID } = Object(uploaded)

    const other = await phoneOf('buyer2')
    const downloaded = await runBody(
      other,
      `const { tempFilePath, ...file } = await wx.cloud.downloadFile({ fileID: "${fileID}" })
      return { ...file, length: (await (await fetch(tempFilePath)).text()).length }`,
    )
    expect(downloaded).toEqual({ statusCode: 200, errMsg: 'cloud.downloadFile:ok', length: 3_000_000 })
    const links = await run(other, `wx.cloud.getTempFileURL({ fileList: ["${fileID}", "${fileID}x"] })`)
    expect(links).toMatchObject({
      fileList: [
        { fileID, status: 0, errMsg: 'ok', tempFileURL: expect.stringMatching(/^http/), maxAge: 7_200 },
        { fileID: `${fileID}x`, status: -503003, errMsg: 'storage file not exists', tempFileURL: '' },
      ],
      errMsg: 'cloud.getTempFileURL:ok',
    })

    const remove = `wx.cloud.deleteFile({ fileList: ["${fileID}"] })`
    expect(await run(other, remove)).toMatchObject({
      fileList: [{ status: -503002, errMsg: 'storage permission denied' }],
    })
    const blob = 'URL.createObjectURL(new Blob(["mine"]))'
    expect(
      await run(other, `wx.cloud.uploadFile({ cloudPath: "a/大.txt", filePath: ${blob} })`),
    ).toMatchObject({ errCode: -503002, errMsg: expect.stringMatching(/^cloud\.uploadFile:fail -503002 /) })
    expect(await run(page, remove)).toEqual({
      fileList: [{ fileID, status: 0, errMsg: 'ok' }],
      errMsg: 'cloud.deleteFile:ok',
    })
    expect(await run(page, `wx.cloud.downloadFile({ fileID: "${fileID}" })`)).toMatchObject({
      errCode: -503003,
      errMsg: expect.stringMatching(/^cloud\.downloadFile:fail -503003 /),
    })
  })

  it('stop on the way up when told to, and leave what was there', async () => {
    const page = await phoneOf('buyer1')
    const told = await runBody(
      page,
      `const upload = (text, callbacks) => wx.cloud.uploadFile({
        cloudPath: "kept.txt", filePath: URL.createObjectURL(new Blob([text])), ...callbacks,
      })
      const { fileID } = await upload("old")
      const { errMsg } = await new Promise((complete) => upload("x".repeat(3000000), { complete }).abort())
      const { tempFilePath } = await wx.cloud.downloadFile({ fileID })
      return [errMsg, await (await fetch(tempFilePath)).text()]`,
    )
    expect(told).toEqual(['cloud.uploadFile:fail uploadFile:fail abort', 'old'])
  })
})

describe('watch in a page', () => {
  it('sees what others change, also after its connection was lost', async () => {
    const watcher = await phoneOf('buyer1')
    const writer = await phoneOf('buyer2')
    const rooms = 'wx.cloud.database().collection("rooms")'
    const add = (text: string) =>
      run(writer, `${rooms}.add({ data: { room: "lobby", text: "${text}", at: new Date(7) } })`)
    await add('before')
    await watcher.evaluate(`{
      const Real = WebSocket
      window.sockets = []
      window.WebSocket = class extends Real { constructor(url) { super(url); sockets.push(this) } }
    }`)
    await watcher.evaluate(`{
      window.snapshots = []
      window.listener = ${rooms}.where({ room: "lobby" }).orderBy("text", "asc").watch({
        onChange: (snapshot) => snapshots.push(snapshot), onError: (error) => snapshots.push({ error: String(error) }),
      })
    }`)
    const texts = () => watcher.evaluate('snapshots.at(-1)?.docs?.map(({ text }) => text)')
    await expect.poll(texts).toEqual(['before'])
    await add('first')
    await expect.poll(texts).toEqual(['before', 'first'])
    expect(await watcher.evaluate('snapshots.at(-1).docs[0].at instanceof Date')).toBe(true)

    await watcher.evaluate('sockets.at(-1).close(4000)')
    await add('meanwhile')
    await expect.poll(texts, { timeout: 15_000 }).toEqual(['before', 'first', 'meanwhile'])
    await run(
      writer,
      `${rooms}.where({ _openid: "{openid}", text: "first" }).update({ data: { text: "1st" } })`,
    )
    await expect.poll(texts).toContain('1st')
    await watcher.evaluate('listener.close()')
  })

  it('is refused where a read would be', async () => {
    const page = await phoneOf('buyer1')
    const told = run(
      page,
      `new Promise((resolve, reject) => wx.cloud.database().collection("secrets").watch({
        onChange: resolve, onError: reject,
      }))`,
    )
    expect(await told).toEqual({
      errCode: -502003,
      errMsg: 'collection.watch:fail -502003 database permission denied. database permission denied',
    })
  })
})

it('left no error in a page that nobody caught', () => {
  expect(uncaught.flat()).toEqual([])
})
