import { describe, expect, it } from 'vitest'
import { installPackage, startStranger, writeProject } from './stranger.ts'

const FUNCTION = `const cloud = require('wx-server-sdk')
cloud.init({ env: cloud.DYNAMIC_CURRENT_ENV })
const db = cloud.database(), _ = db.command
const work = {
  add: () => db.collection('notes').add({ data: { _id: 'a', n: 1 } }),
  read: async () => (await db.collection('notes').get()).data,
  update: async () => (await db.collection('tasks').where({ n: 1 }).update({ data: { n: 2 } })).stats,
  transaction: () => db.runTransaction(async (transaction) => {
    await transaction.collection('orders').add({ data: { _id: 'o' } })
    return (await transaction.collection('orders').doc('o').get()).data
  }),
  aggregate: async () => (await db.collection('logs').aggregate().match({ n: _.gt(0) }).end()).list,
  atOnce: async () => (await Promise.all([1, 2, 3, 4].map((n) => db.collection('many').add({ data: { n } })))).length,
  create: () => db.createCollection('made'),
  badName: () => db.collection('no/such name').get(),
  code: () => cloud.openapi.wxacode.get({ path: 'pages/index' }),
}
exports.main = async ({ what }) => {
  try { return { value: await work[what]() } } catch (error) { return { errCode: error.errCode } }
}`

function project(): string {
  const dir = writeProject({ 'cloudfunctions/notes/index.js': FUNCTION })
  installPackage(dir, 'wx-server-sdk')
  return dir
}

describe('a collection that nobody created', () => {
  it.each(['add', 'read', 'update'])(
    'is refused to %s as on the platform; the log says what to do',
    async (what) => {
      await using stranger = await startStranger(project())
      for (let round = 0; round < 3; round++) {
        expect((await stranger.call('notes', { what })).result).toEqual({ errCode: -502005 })
      }
      const name = what === 'update' ? 'tasks' : 'notes'
      expect(stranger.logged('warn')).toEqual([
        `collection ${name} does not exist: create it with POST /control/collections {"name":"${name}"} or in database-rules/${name}.json, or start with --create-collections`,
      ])
    },
  )

  it('is there after the command of the log', async () => {
    await using stranger = await startStranger(project())
    expect((await stranger.call('notes', { what: 'read' })).result).toEqual({ errCode: -502005 })
    await fetch(`${stranger.emulator.url}/control/collections`, { method: 'POST', body: '{"name":"notes"}' })
    expect((await stranger.call('notes', { what: 'read' })).result).toEqual({ value: [] })
  })

  it.each([
    ['add', { _id: 'a', errMsg: 'collection.add:ok' }],
    ['read', []],
    ['update', { updated: 0 }],
    ['transaction', { _id: 'o' }],
    ['aggregate', []],
    ['atOnce', 4],
  ])('is made for %s with createCollections', async (what, value) => {
    await using stranger = await startStranger(project(), { createCollections: true })
    expect((await stranger.call('notes', { what })).result).toEqual({ value })
    expect(stranger.logged('warn')).toEqual([])
  })

  it('is refused even so when it cannot be a name, and twice made is refused even so', async () => {
    await using stranger = await startStranger(project(), { createCollections: true })
    expect((await stranger.call('notes', { what: 'badName' })).result).toEqual({ errCode: -502005 })
    expect((await stranger.call('notes', { what: 'create' })).result.value).toMatchObject({
      errMsg: 'createCollection:ok',
    })
    expect((await stranger.call('notes', { what: 'create' })).result).toEqual({ errCode: -1 })
  })
})

it('a permission that config.json does not give is named in the log', async () => {
  await using stranger = await startStranger(project())
  expect((await stranger.call('notes', { what: 'code' })).result).toEqual({ errCode: -604101 })
  expect(stranger.logged('warn')).toEqual([
    'wxacode.get is refused: add it to config.json of function notes, { "permissions": { "openapi": ["wxacode.get"] } }, and deploy with it',
  ])
})

it('a function that is not there is refused with its name', async () => {
  await using stranger = await startStranger(project())
  expect(await stranger.call('nots')).toMatchObject({
    errCode: -501000,
    errMsg: expect.stringContaining('could not be found: nots'),
  })
})

it('an index that would help is named in the log, with the body of the request that makes it', async () => {
  await using stranger = await startStranger(project())
  const { database, url } = stranger.emulator
  await database.createCollection('tasks')
  const data = Array.from({ length: 1_001 }, (_, n) => JSON.stringify({ _id: `t${n}`, n }))
  await database.handle('database.insertDocument', { collectionName: 'tasks', data }, {})
  const update = () => stranger.call('notes', { what: 'update' })
  expect((await update()).result).toEqual({ value: { updated: 1 } })
  const [warning = ''] = stranger.logged('warn')
  expect(warning).toContain('reads all 1001 documents')
  const [, body] = /POST \/control\/collections (\{.*\}),/.exec(warning) ?? []
  expect(JSON.parse(body ?? '')).toEqual({
    name: 'tasks',
    indexes: [{ name: 'n', fields: [{ path: 'n', direction: 1 }] }],
  })
  expect((await fetch(`${url}/control/collections`, { method: 'POST', body })).status).toBe(200)
  expect(database.explain('tasks', '{"n":1}').indexes).toEqual(['n'])
})

it('a geo index that a search needs is named in the log', async () => {
  const near = `{ at: _.geoNear({ geometry: db.Geo.Point(113, 23) }) }`
  await using stranger = await startStranger(
    writeProject({
      'database-rules/shops.json': {},
      'cloudfunctions/near/index.js': `const cloud = require('wx-server-sdk')
        cloud.init()
        const db = cloud.database(), _ = db.command
        exports.main = async () => (await db.collection('shops').where(${near}).get()).data.length`,
    }),
  )
  expect((await stranger.call('near')).errMsg).toContain('unable to find index')
  const warning = stranger.logged('warn').find((line) => line.includes('geo index')) ?? ''
  const [, body] = /POST \/control\/collections (\{.*\}),/.exec(warning) ?? []
  const url = `${stranger.emulator.url}/control/collections`
  expect((await fetch(url, { method: 'POST', body })).status).toBe(200)
  expect((await stranger.call('near')).result).toBe(0)
})
