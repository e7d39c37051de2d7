import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from './test-support/open.ts'

const { database, add, get, update, set } = openDatabase()

beforeAll(async () => {
  await database.createCollection('c')
  await database.createCollection('large')
  await add(
    'c',
    Array.from({ length: 1200 }, (_, n) => ({ n })),
  )
})
afterAll(() => database.stop())

describe('limits', () => {
  it('give 100 documents by default and 1000 at most', async () => {
    expect(await get('c')).toHaveLength(100)
    expect(await get('c', {}, { limit: 0 })).toHaveLength(100)
    expect(await get('c', {}, { limit: 5000 })).toHaveLength(1000)
    expect((await get('c', {}, { offset: 1190, limit: 100 })).map(({ n }) => n)).toEqual([
      1190, 1191, 1192, 1193, 1194, 1195, 1196, 1197, 1198, 1199,
    ])
  })

  it('refuse a document over 512 KB however it comes to be', async () => {
    const refusal = { code: 'INVALID_PARAM', message: expect.stringContaining('document size exceeds limit') }
    const text = 'x'.repeat(300 * 1024)
    await expect(add('large', [{ a: text, b: text }])).rejects.toMatchObject(refusal)
    await add('large', [{ _id: 1, a: text }])
    await expect(update('large', { _id: 1 }, { $set: { b: text } })).rejects.toMatchObject(refusal)
    await expect(set('large', 2, { a: text, b: text })).rejects.toMatchObject(refusal)
    expect(await get('large', {}, { projection: { _id: 1 } })).toEqual([{ _id: 1 }])
  })

  it('refuse a reply over 16 MB', async () => {
    const text = 'x'.repeat(400 * 1024)
    await add(
      'large',
      Array.from({ length: 45 }, () => ({ text })),
    )
    await expect(get('large')).rejects.toMatchObject({
      message: expect.stringContaining('exceed limit (16MB)'),
    })
    expect(await get('large', {}, { projection: { _id: 1 } })).toHaveLength(46)
  })
})

describe('bad input', () => {
  const query = (text: unknown) => ({ collectionName: 'c', query: text })
  const cases: [title: string, action: string, body: Record<string, unknown>, code: string][] = [
    ['no collection name', 'getDocument', {}, 'INVALID_PARAM'],
    ['a collection name that is no text', 'getDocument', { collectionName: { $ne: 1 } }, 'INVALID_PARAM'],
    [
      'a name of the prototype',
      'getDocument',
      { collectionName: '__proto__' },
      'DATABASE_COLLECTION_NOT_EXIST',
    ],
    ['a query that is no JSON', 'getDocument', query('{'), 'INVALID_PARAM'],
    ['a query that is no text', 'getDocument', query({ a: 1 }), 'INVALID_PARAM'],
    ['a query that is a list', 'getDocument', query('[]'), 'INVALID_PARAM'],
    ['a negative limit', 'getDocument', { ...query('{}'), limit: -1 }, 'INVALID_PARAM'],
    ['a fractional offset', 'getDocument', { ...query('{}'), offset: 1.5 }, 'INVALID_PARAM'],
    [
      'an order that is no direction',
      'getDocument',
      { ...query('{}'), order: '{"a":"up"}' },
      'INVALID_PARAM',
    ],
    ['no documents', 'insertDocument', { collectionName: 'c', data: [] }, 'INVALID_PARAM'],
    ['a document that is no object', 'insertDocument', { collectionName: 'c', data: ['1'] }, 'INVALID_PARAM'],
    ['a list as id', 'insertDocument', { collectionName: 'c', data: ['{"_id":[1]}'] }, 'INVALID_PARAM'],
    ['no update', 'modifyDocument', query('{}'), 'INVALID_PARAM'],
    [
      'operators in a whole document',
      'modifyDocument',
      { ...query('{"_id":1}'), data: '{"$inc":{"n":1}}', merge: false, upsert: true },
      'DATABASE_REQUEST_FAILED',
    ],
    ['no transaction id', 'commitTransaction', {}, 'INVALID_PARAM'],
    ['stages that are no list', 'aggregateDocuments', { collectionName: 'c', stages: {} }, 'INVALID_PARAM'],
    ['an unknown action', 'explode', {}, 'NOT_EMULATED'],
    ['an action of the prototype', 'toString', {}, 'NOT_EMULATED'],
  ]
  it.each(cases)('is refused: %s', async (_title, action, body, code) => {
    await expect(database.handle(`database.${action}`, body, {})).rejects.toMatchObject({
      name: 'WireError',
      code,
    })
  })
})
