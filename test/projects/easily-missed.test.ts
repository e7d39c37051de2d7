import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { installPackage, type Stranger, startStranger, writeProject } from './stranger.ts'

const FUNCTION = `const cloud = require('wx-server-sdk')
cloud.init()
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
const env = (given) => ({
  text: 'prod-7gabc12', symbol: cloud.DYNAMIC_CURRENT_ENV, object: { database: 'a-1', functions: 'b-2', storage: 'c-3', default: 'd-4' }, nothing: undefined,
})[given]
const work = {
  event: (_, event) => event,
  async env({ given }) {
    cloud.init(given === 'no argument' ? undefined : { env: env(given), traceUser: true })
    const db = cloud.database()
    await db.collection('notes').doc('env').set({ data: { given } })
    const { fileID } = await cloud.uploadFile({ cloudPath: 'env.txt', fileContent: Buffer.from(given) })
    const { result } = await cloud.callFunction({ name: 'inner', data: { n: 1 } })
    const text = (await cloud.downloadFile({ fileID })).fileContent.toString()
    return [(await db.collection('notes').doc('env').get()).data.given, text, result.n]
  },
  async databaseEnv() {
    const db = cloud.database({ env: 'another-env-2' })
    return (await db.collection('notes').count()).total
  },
  lateAdd() {
    const db = cloud.database()
    for (const n of [1, 2, 3]) db.collection('notes').add({ data: { _id: 'late' + n } })
    return 'returned'
  },
  async lateChain() {
    const notes = cloud.database().collection('notes')
    notes.add({ data: { _id: 'one' } }).then(() => notes.doc('one').update({ data: { n: 1 } })).then(() => notes.add({ data: { _id: 'two' } }))
    return 'returned'
  },
  async lateCommit() {
    const transaction = await cloud.database().startTransaction()
    await transaction.collection('notes').add({ data: { _id: 'committed' } })
    transaction.commit()
    return 'returned'
  },
  async lateRollback() {
    const transaction = await cloud.database().startTransaction()
    await transaction.collection('notes').doc('base').update({ data: { n: 99 } })
    transaction.rollback()
    return 'returned'
  },
  async leaveOpen() {
    const transaction = await cloud.database().startTransaction()
    await transaction.collection('notes').doc('base').update({ data: { n: 99 } })
    return 'returned'
  },
  async throwOpen() {
    const transaction = await cloud.database().startTransaction()
    await transaction.collection('notes').doc('base').update({ data: { n: 99 } })
    throw new Error('forgot to roll back')
  },
  async whereInside() {
    const db = cloud.database(), _ = db.command
    return db.runTransaction(async (transaction) => {
      await transaction.collection('notes').doc('base').update({ data: { n: _.inc(1) } })
      const began = Date.now()
      const { stats } = await transaction.collection('notes').where({ _id: 'base' }).update({ data: { seen: true } }).catch((error) => ({ stats: error.errMsg || error.message }))
      return { stats, waitedMs: Date.now() - began }
    })
  },
  async hold({ ms }) {
    const db = cloud.database(), _ = db.command
    const transaction = await db.startTransaction()
    await transaction.collection('notes').doc('base').update({ data: { n: _.inc(1) } })
    await db.collection('notes').doc('held').set({ data: { yes: true } })
    await pause(ms)
    await transaction.commit()
  },
  inc: async () => (await cloud.database().collection('notes').where({ _id: 'base' }).update({ data: { n: cloud.database().command.inc(10) } })).stats,
}
exports.main = async (event) => work[event.what](event, event)`

/** What programs rely on without knowing it. */
describe.each(['1.8', '2.6', '4'])('with wx-server-sdk %s', (version) => {
  let stranger: Stranger
  const begin = async (): Promise<Stranger> => {
    const dir = writeProject({
      'cloudfunctions/easy/index.js': FUNCTION,
      'cloudfunctions/inner/index.js': 'exports.main = async (event) => event',
      'cloudbaserc.json': { functions: [{ name: 'easy', timeout: 20 }] },
    })
    installPackage(dir, 'wx-server-sdk', version === '4' ? 'wx-server-sdk' : `wx-server-sdk-${version}`)
    return startStranger(dir)
  }
  const run = async (what: string, event: object = {}) =>
    (await stranger.call('easy', { what, ...event })).result
  const ids = async (): Promise<string[]> => {
    const { data } = Object(
      await stranger.emulator.database.handle(
        'database.getDocument',
        { collectionName: 'notes', order: '{"_id":1}' },
        {},
      ),
    )
    return data.list.map((text: string) => JSON.parse(text)._id)
  }
  const base = async (): Promise<unknown> => {
    const query = '{"_id":"base"}'
    const { data } = Object(
      await stranger.emulator.database.handle('database.getDocument', { collectionName: 'notes', query }, {}),
    )
    return JSON.parse(data.list[0])
  }

  beforeEach(async () => {
    stranger ??= await begin()
    await stranger.emulator.database.reset()
    await stranger.emulator.database.createCollection('notes')
    const document = { collectionName: 'notes', data: ['{"_id":"base","n":0}'] }
    await stranger.emulator.database.handle('database.insertDocument', document, {})
  })
  afterAll(() => stranger[Symbol.asyncDispose]())

  it('event.userInfo says who calls, and cannot be forged', async () => {
    expect(await run('event', { userInfo: { openId: 'forged' } })).toEqual({
      what: 'event',
      userInfo: {
        openId: stranger.emulator.users.identityOf('buyer1')?.openid,
        appId: stranger.emulator.appid,
      },
    })
  })

  it.each(['text', 'symbol', 'object', 'nothing', 'no argument'])(
    'init with %s as environment means the one there is',
    async (given) => {
      expect(await run('env', { given })).toEqual([given, given, 1])
    },
  )

  it('database({ env }) of a foreign environment means the one there is', async () => {
    expect(await run('databaseEnv')).toBe(1)
  })

  it.each([
    ['lateAdd', ['base', 'late1', 'late2', 'late3']],
    ['lateChain', ['base', 'one', 'two']],
    ['lateCommit', ['base', 'committed']],
  ])('what %s does not await before it returns still lands', async (what, expected) => {
    expect(await run(what)).toBe('returned')
    // The next call of the same function begins when the work of this one has ended.
    await run('event')
    expect(await ids()).toEqual(expected)
  })

  it.each(['lateRollback', 'leaveOpen', 'throwOpen'])(
    'a transaction that %s leaves behind does not stand in the way of a later write',
    async (what) => {
      await run(what)
      const begunMs = performance.now()
      expect(await run('inc')).toEqual({ updated: 1 })
      expect(performance.now() - begunMs).toBeLessThan(1_000)
      expect(await base()).toEqual({ _id: 'base', n: 10 })
    },
  )

  // A transaction of 1.8 has no where().
  if (version !== '1.8') {
    it('where().update() inside a transaction is a conflict with it at once, and never waits for it', async () => {
      const { stats, waitedMs } = Object(await run('whereInside'))
      expect(waitedMs).toBeLessThan(1_000)
      expect(stats).toContain('WriteConflict')
      expect(await base()).toEqual({ _id: 'base', n: 1 })
    })
  }

  it('a write from outside waits for a transaction, and then sees what it left', async () => {
    const holding = run('hold', { ms: 150 })
    while (!(await ids()).includes('held')) await new Promise((resolve) => setImmediate(resolve))
    expect(await run('inc')).toEqual({ updated: 1 })
    await holding
    expect(await base()).toEqual({ _id: 'base', n: 11 })
  })
})

describe.each([
  ['2', 'node-sdk-2'],
  ['3', '@cloudbase/node-sdk'],
])('with @cloudbase/node-sdk %s', (_version, alias) => {
  it('init with any environment, or none, means the one there is', async () => {
    const dir = writeProject({
      'cloudfunctions/node/index.js': `const tcb = require('@cloudbase/node-sdk')
        const given = { current: { env: tcb.SYMBOL_CURRENT_ENV }, foreign: { env: 'prod-7gabc12' }, none: {}, nothing: undefined }
        exports.main = async ({ how }) => {
          const app = tcb.init(given[how])
          await app.database().collection('notes').add({ how })
          return (await app.database().collection('notes').where({ how }).get()).data.length
        }`,
    })
    installPackage(dir, '@cloudbase/node-sdk', alias)
    await using stranger = await startStranger(dir, { createCollections: true })
    for (const how of ['current', 'foreign', 'none', 'nothing']) {
      expect(await stranger.call('node', { how }), how).toMatchObject({ result: 1 })
    }
  })
})
