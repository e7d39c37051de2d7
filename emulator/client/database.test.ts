import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LOCAL_APPID, openidOf } from '../core/identity.ts'
import { type ClientCloud, startClientCloud } from '../testing/client-cloud.ts'

const BUYER1 = openidOf(LOCAL_APPID, 'buyer1')
const BUYER2 = openidOf(LOCAL_APPID, 'buyer2')

let cloud: ClientCloud

beforeAll(async () => {
  cloud = await startClientCloud({
    'database-rules/notes.json': { permission: 'PRIVATE' },
    'database-rules/news.json': { permission: 'READONLY' },
    'database-rules/secrets.json': { permission: 'ADMINONLY' },
    'database-rules/tasks.json': {
      permission: 'CUSTOM',
      rule: { read: "doc.team == 'red'", create: 'request.data.hours <= 8', update: true, delete: false },
    },
  })
})

afterAll(() => cloud[Symbol.asyncDispose]())

describe('a document of a client', () => {
  it('is stamped with its owner, and in a private collection seen by nobody else', async () => {
    expect(await cloud.add('buyer1', 'notes', { _id: 'mine', text: 'milk' })).toEqual({
      insertedIds: ['mine'],
    })
    expect(await cloud.find('buyer1', 'notes')).toEqual([{ _id: 'mine', text: 'milk', _openid: BUYER1 }])
    expect(await cloud.find('buyer2', 'notes')).toEqual([])
    expect(await cloud.query('buyer2', 'calculateDocument', 'notes', {})).toEqual({ total: 0 })
    expect(await cloud.update('buyer2', 'notes', { _id: 'mine' }, { $set: { text: 'gin' } })).toEqual({
      updated: 0,
    })
    expect(await cloud.query('buyer2', 'removeDocument', 'notes', { query: '{"_id":"mine"}' })).toEqual({
      deleted: 0,
    })
    expect(await cloud.find('buyer1', 'notes', { _openid: '{openid}' })).toHaveLength(1)
  })

  it('cannot be given to somebody else, neither when made nor later', async () => {
    const denied = 'DATABASE_PERMISSION_DENIED'
    expect(await cloud.add('buyer1', 'notes', { _openid: BUYER2 })).toBe(denied)
    await cloud.add('buyer1', 'notes', { _id: 'kept', other: BUYER2 })
    for (const change of [
      { $set: { _openid: BUYER2 } },
      { $unset: { _openid: '' } },
      { $rename: { other: '_openid' } },
      { $rename: { _openid: 'other' } },
    ]) {
      expect(await cloud.update('buyer1', 'notes', { _id: 'kept' }, change)).toBe(denied)
    }
    expect(await cloud.set('buyer1', 'notes', 'kept', { _openid: BUYER2 })).toBe(denied)
    expect((await cloud.find('buyer1', 'notes', { _id: 'kept' }))[0]._openid).toBe(BUYER1)
  })

  it('keeps numbers and dates in the very form that came', async () => {
    const exact = {
      _id: 'exact',
      long: { $numberLong: '9007199254740993' },
      double: { $numberDouble: '5' },
      at: { $date: { $numberLong: '0' } },
    }
    await cloud.add('buyer1', 'notes', exact)
    expect(await cloud.find('buyer1', 'notes', { long: exact.long })).toEqual([{ ...exact, _openid: BUYER1 }])
  })

  it('is made and replaced by set, whoever replaces it without changing hands', async () => {
    expect(await cloud.set('buyer1', 'tasks', 'shared', { team: 'red', hours: 1 })).toMatchObject({
      updated: 0,
      upsert_id: 'shared',
    })
    expect(await cloud.set('buyer2', 'tasks', 'shared', { team: 'red', hours: 2 })).toEqual({ updated: 1 })
    expect(await cloud.find('buyer2', 'tasks', { team: 'red' })).toEqual([
      { _id: 'shared', team: 'red', hours: 2, _openid: BUYER1 },
    ])
  })

  it('is not taken over by set in a private collection', async () => {
    await cloud.add('buyer1', 'news', { _id: 'headline', text: 'true' })
    expect(await cloud.set('buyer2', 'news', 'headline', { text: 'false' })).toEqual({ updated: 0 })
    expect(await cloud.find('buyer2', 'news', { _id: 'headline' })).toMatchObject([{ text: 'true' }])
  })
})

describe('rules of a collection', () => {
  it('refuse queries that they do not cover, and let the others through', async () => {
    const denied = 'DATABASE_PERMISSION_DENIED'
    expect(await cloud.find('buyer1', 'secrets')).toBe(denied)
    expect(await cloud.add('buyer1', 'secrets', { a: 1 })).toBe(denied)
    expect(await cloud.add('buyer1', 'tasks', { team: 'blue', hours: 9 })).toBe(denied)
    await cloud.add('buyer1', 'tasks', { _id: 'blue', team: 'blue', hours: 3 })
    expect(await cloud.find('buyer2', 'tasks')).toBe(denied)
    expect(await cloud.find('buyer2', 'tasks', { team: 'blue' })).toBe(denied)
    expect(await cloud.find('buyer2', 'tasks', { team: 'red', hours: { $gt: 100 } })).toEqual([])
    expect(await cloud.query('buyer2', 'removeDocument', 'tasks', { query: '{"_id":"blue"}' })).toBe(denied)
    expect(cloud.log.recent(({ message }) => message.includes('of tasks refused')).length).toBeGreaterThan(0)
  })

  it('judge an aggregation by its first stage, and what it joins', async () => {
    const run = (user: string, collection: string, ...stages: Record<string, unknown>[]) =>
      cloud.query(user, 'aggregateDocuments', collection, {
        stages: stages.map((stage) => ({
          stageKey: Object.keys(stage)[0],
          stageValue: JSON.stringify(Object.values(stage)[0]),
        })),
      })
    const count = { $count: 'n' }
    expect(await run('buyer1', 'tasks', count)).toBe('DATABASE_PERMISSION_DENIED')
    expect(await run('buyer1', 'tasks', { $match: { team: 'red' } }, count)).toEqual({ list: ['{"n":1}'] })
    expect(await run('buyer1', 'tasks', { $match: { team: 'blue' } }, count)).toBe(
      'DATABASE_PERMISSION_DENIED',
    )
    // A private collection is filtered, whatever comes first.
    await cloud.add('buyer2', 'notes', { text: 'yours' })
    expect(await run('buyer2', 'notes', count)).toEqual({ list: ['{"n":1}'] })
    const join = (from: string) => ({ $lookup: { from, localField: '_id', foreignField: '_id', as: 'x' } })
    expect(await run('buyer1', 'news', join('news'), count)).toEqual({ list: ['{"n":1}'] })
    for (const stage of [
      join('notes'),
      join('secrets'),
      { $lookup: { from: 'secrets', pipeline: [], as: 'x' } },
    ])
      expect(await run('buyer1', 'news', stage, count)).toBe('DATABASE_PERMISSION_DENIED')
    expect(await run('buyer1', 'news', { $out: 'news' })).toBe('DATABASE_PERMISSION_DENIED')
  })
})

describe('limits of a mini program', () => {
  it('give 20 documents at most, and 1 MB', async () => {
    const many = Array.from({ length: 25 }, (_, n) => ({ kind: 'many', n }))
    await cloud.add('author1', 'news', ...many)
    expect(await cloud.find('buyer1', 'news', { kind: 'many' })).toHaveLength(20)
    expect(await cloud.find('buyer1', 'news', { kind: 'many' }, { limit: 1000 })).toHaveLength(20)
    expect(await cloud.find('buyer1', 'news', { kind: 'many' }, { limit: 3 })).toHaveLength(3)
    const large = Array.from({ length: 3 }, () => ({ kind: 'large', text: 'x'.repeat(400_000) }))
    await cloud.add('author1', 'news', ...large)
    expect(await cloud.find('buyer1', 'news', { kind: 'large' })).toBe('WX_DATABASE_QUERY_SIZE_EXCEED_LIMIT')
    expect(await cloud.find('buyer1', 'news', { kind: 'large' }, { limit: 2 })).toHaveLength(2)
  })

  it('keep transactions, collections and unknown actions for functions', async () => {
    for (const action of ['addCollection', 'startTransaction', 'modifyAndReturnDoc', 'toString', 'x'])
      expect(await cloud.query('buyer1', action, 'news', {})).toBe('DATABASE_PERMISSION_DENIED')
    expect(await cloud.query('buyer1', 'getDocument', 'news', { transactionId: 't' })).toBe(
      'DATABASE_PERMISSION_DENIED',
    )
  })

  it('count what a client uses, and let faults strike it', async () => {
    const before = cloud.cost.totals().byService.database
    await cloud.find('buyer1', 'news')
    expect(cloud.cost.totals().byService.database).toBe(before + 1)
    cloud.faults.add({
      service: 'database',
      operation: 'database.getDocument',
      effect: { kind: 'error', code: 'SERVER_TIMEOUT' },
      times: 1,
    })
    expect(await cloud.find('buyer1', 'news')).toBe('SERVER_TIMEOUT')
    cloud.faults.add({
      service: 'database',
      operation: 'database.insertDocument',
      effect: { kind: 'reply-lost' },
      times: 1,
    })
    await expect(cloud.add('buyer1', 'news', { _id: 'unheard' })).rejects.toThrow()
    expect(await cloud.find('buyer1', 'news', { _id: 'unheard' })).toHaveLength(1)
  })
})

describe('bad input', () => {
  it('is refused with a code', async () => {
    const ask = async (user: string, path: string, body: object) =>
      (await cloud.post(user, path, body)).body.code
    for (const body of [
      { collectionName: 'news', query: '{' },
      { collectionName: 'news', query: 7 },
      { collectionName: 'news', query: '[]' },
      { collectionName: 'news', query: '{"__proto__":1}' },
      { collectionName: 'news', query: `${'{"a":'.repeat(200)}1${'}'.repeat(200)}` },
      { collectionName: '' },
      {},
    ]) {
      expect(await ask('buyer1', 'database', { action: 'database.getDocument', ...body })).toBe(
        'INVALID_PARAM',
      )
    }
    const insert = { action: 'database.insertDocument', collectionName: 'news' }
    expect(await ask('buyer1', 'database', insert)).toBe('INVALID_PARAM')
    expect(await ask('buyer1', 'database', { action: 'storage.batchDeleteFile' })).toBe('INVALID_PARAM')
    const remove = { action: 'storage.batchDeleteFile', fileid_list: 'x' }
    expect(await ask('buyer1', 'storage', remove)).toBe('INVALID_PARAM')
    expect(await ask('', 'database', insert)).toBe('USER_REQUIRED')
    expect((await cloud.post('a b', 'database', insert)).status).toBe(400)
  })
})
