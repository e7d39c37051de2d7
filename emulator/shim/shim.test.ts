import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestCloud, type TestCloud } from '../testing/project.ts'
import { createMiniProgram } from './mini-program.fixture.ts'
import type { createWxCloud, WxCloud } from './wx-cloud/cloud.ts'

let cloud: TestCloud & AsyncDisposable
let script: string
let dir: string

beforeAll(async () => {
  cloud = await startTestCloud({
    echo: 'exports.main = async (event) => event',
    'database-rules/notes.json': { permission: 'PRIVATE' },
    'database-rules/news.json': { permission: 'READONLY' },
    'database-rules/secrets.json': { permission: 'ADMINONLY' },
  })
  script = await (await fetch(`${cloud.url}/client/wx-cloud.js`)).text()
  dir = mkdtempSync(join(tmpdir(), 'shim-'))
})

afterAll(async () => {
  rmSync(dir, { recursive: true, force: true })
  await cloud[Symbol.asyncDispose]()
})

interface Exported {
  (...args: Parameters<typeof createWxCloud>): WxCloud
  install(settings: { url?: string; user?: string }): WxCloud
  configure(settings: { url?: string; user?: string }): void
}

/** The file as `require` gives it in Node. */
function required(): Exported {
  const module = { exports: {} }
  // The script is the one under test, as Node's own loader would run it.
  new Function('module', 'exports', script)(module, module.exports)
  return module.exports as Exported
}

const openid = (user: string) => cloud.users.identityOf(user)?.openid

describe('wx-cloud.js in a mini program', () => {
  it('takes the place of wx.cloud, where there are neither fetch nor eval', async () => {
    const phone = createMiniProgram()
    phone.load(script)
    phone.run(`module.exports.install({ url: '${cloud.url}', user: 'buyer2' }).init({ env: 'x' })`)
    const { result } = Object(await phone.run(`wx.cloud.callFunction({ name: 'echo', data: { n: 1 } })`))
    expect(result).toEqual({ n: 1, userInfo: { appId: cloud.appid, openId: openid('buyer2') } })
    await phone.run(`wx.cloud.database().collection('notes').add({ data: { _id: 'm', at: new Date(9) } })`)
    expect(Object(await phone.run(`wx.cloud.database().collection('notes').doc('m').get()`)).data).toEqual({
      _id: 'm',
      at: new Date(9),
      _openid: openid('buyer2'),
    })
  })

  it('uploads and downloads with the phone’s own means', async () => {
    const phone = createMiniProgram({
      'cloudbase-emulator-url': cloud.url,
      'cloudbase-emulator-user': 'author1',
    })
    phone.load(script)
    const filePath = join(dir, 'a.txt')
    writeFileSync(filePath, 'abc')
    phone.run(`wx.cloud = module.exports(); wx.cloud.init()`)
    const uploaded = await phone.run(
      `new Promise((success, fail) => {
        const percents = []
        const task = wx.cloud.uploadFile({ cloudPath: 'a.txt', filePath: ${JSON.stringify(filePath)}, fail,
          success: (result) => success({ ...result, percents }) })
        task.onProgressUpdate(({ progress }) => percents.push(progress))
      })`,
    )
    expect(uploaded).toMatchObject({ statusCode: 204, percents: [100] })
    const { fileID } = Object(uploaded)
    expect(await phone.run(`wx.cloud.downloadFile({ fileID: '${fileID}' })`)).toEqual({
      statusCode: 200,
      tempFilePath: 'abc',
      errMsg: 'cloud.downloadFile:ok',
    })
  })

  it('watches, and goes on when the connection was lost', async () => {
    const phone = createMiniProgram()
    phone.load(script)
    phone.run(`module.exports.install({ url: '${cloud.url}', user: 'buyer1' }).init()
      var news = wx.cloud.database().collection('news'), docs
      var listener = news.where({ kind: 'watched' }).watch({
        onChange: (snapshot) => { docs = snapshot.docs }, onError: (error) => { docs = error },
      })`)
    const texts = () => phone.run(`docs && docs.map(({ text }) => text).join()`)
    await expect.poll(texts).toBe('')
    await phone.run(`news.add({ data: { kind: 'watched', text: 'one' } })`)
    await expect.poll(texts).toBe('one')
    phone.sockets[0]?.terminate()
    await phone.run(`news.add({ data: { kind: 'watched', text: 'two' } })`)
    await expect.poll(texts, { timeout: 10_000 }).toBe('one,two')
    await phone.run(`listener.close()`)
  })

  it('is told once that it may not watch, and nothing else fails', async () => {
    const phone = createMiniProgram()
    phone.load(script)
    phone.run(`module.exports.install({ url: '${cloud.url}', user: 'buyer1' }).init()
      var told = []
      var secrets = wx.cloud.database().collection('secrets')
      var options = { onChange: () => told.push('seen'), onError: ({ errCode }) => told.push(errCode) }
      secrets.watch(options)
      secrets.doc('one').watch(options)`)
    await expect.poll(() => phone.run('told.join()')).toBe('-502003,-502003')
    await phone.run(`wx.cloud.callFunction({ name: 'echo' })`)
    expect(phone.run('told.length')).toBe(2)
  })

  it('says that the local cloud does not answer', async () => {
    const phone = createMiniProgram()
    phone.load(script)
    phone.run(`module.exports.install({ url: 'http://127.0.0.1:1' }).init()`)
    const failed = phone.run(`wx.cloud.database().collection('notes').get().catch((error) => error)`)
    expect(Object(await failed)).toMatchObject({
      errCode: -1,
      errMsg: expect.stringMatching(
        /^collection\.get:fail request:fail .*http:\/\/127\.0\.0\.1:1 does not answer.* npm start starts it/,
      ),
    })
  })
})

describe('wx-cloud.js in Node', () => {
  it('says that the local cloud does not answer, and how to start it', async () => {
    const shim = required()
    shim.configure({ url: 'http://127.0.0.1:1', user: 'buyer1' })
    const wxCloud = shim()
    wxCloud.init()
    await expect(wxCloud.callFunction({ name: 'echo' })).rejects.toMatchObject({
      errMsg: expect.stringMatching(/http:\/\/127\.0\.0\.1:1 does not answer.* npm start starts it/),
    })
  })

  it('calls, reads, uploads and downloads by fetch', async () => {
    const shim = required()
    shim.configure({ url: cloud.url, user: 'buyer1' })
    const wxCloud = shim()
    wxCloud.init()
    expect(await wxCloud.callFunction({ name: 'echo' })).toMatchObject({ errMsg: 'cloud.callFunction:ok' })
    const notes = wxCloud.database().collection('notes')
    await notes.add({ data: { text: 'from node' } })
    expect(await notes.where({ text: 'from node' }).count()).toMatchObject({ total: 1 })

    const file = { cloudPath: 'node.txt', filePath: new Blob(['bytes']) }
    const { fileID } = Object(await wxCloud.uploadFile(file))
    const { tempFilePath } = Object(await wxCloud.downloadFile({ fileID }))
    expect(await (await fetch(tempFilePath)).text()).toBe('bytes')
    await expect(wxCloud.uploadFile({ ...file, filePath: 7 })).rejects.toMatchObject({
      errCode: -1,
      errMsg: expect.stringContaining('filePath must be'),
    })
  })

  it('opens an environment of somebody else, which is this one', async () => {
    const shim = required()
    shim.configure({ url: cloud.url, user: 'buyer1' })
    const shared = new (shim().Cloud)({ resourceEnv: 'theirs' }) as unknown as WxCloud
    await shared.init()
    expect(await shared.callFunction({ name: 'echo', data: { a: 1 } })).toMatchObject({ result: { a: 1 } })
  })
})
