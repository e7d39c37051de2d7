import { afterEach, describe, expect, it } from 'vitest'
import type { IndexDefinition } from './catalogue.ts'
import { openDatabase } from './test-support/open.ts'

const opened: { stop(): Promise<void> }[] = []

async function open(indexes: IndexDefinition[] = []) {
  const all = openDatabase()
  opened.push(all.database)
  await all.database.createCollection('c')
  await all.database.ensureIndexes('c', indexes)
  return all
}

afterEach(async () => {
  for (const database of opened.splice(0)) await database.stop()
})

const on = (path: string, unique = false): IndexDefinition => ({
  name: path,
  unique,
  fields: [{ path, direction: 1 }],
})

describe('a unique index', () => {
  const refusal = { code: 'DATABASE_REQUEST_FAILED', message: expect.stringContaining('E11000') }

  it('counts a missing field as null, so only one document may lack it', async () => {
    const { add } = await open([on('sku', true)])
    await add('c', [{ _id: 1 }, { _id: 2, sku: 'a' }])
    await expect(add('c', [{ _id: 3 }])).rejects.toMatchObject(refusal)
    await expect(add('c', [{ _id: 3, sku: null }])).rejects.toMatchObject(refusal)
  })

  it('refuses updates and replacements too, and names the key', async () => {
    const { add, update, set, get } = await open([on('sku', true)])
    await add('c', [
      { _id: 1, sku: 'a' },
      { _id: 2, sku: 'b' },
    ])
    await expect(update('c', { _id: 2 }, { $set: { sku: 'a' } })).rejects.toMatchObject({
      message: expect.stringContaining('index: sku dup key: { sku: "a" }'),
    })
    await expect(set('c', 2, { sku: 'a' })).rejects.toMatchObject(refusal)
    expect(await get('c', { sku: 'b' })).toEqual([{ _id: 2, sku: 'b' }])
    expect(await update('c', { _id: 1 }, { $set: { sku: 'c' } })).toEqual({ updated: 1 })
    expect(await update('c', { _id: 2 }, { $set: { sku: 'a' } })).toEqual({ updated: 1 })
  })

  it('holds the elements of arrays apart between documents, not within one', async () => {
    const { add } = await open([on('codes', true)])
    await add('c', [{ _id: 1, codes: ['a', 'a', 'b'] }])
    await expect(add('c', [{ _id: 2, codes: ['c', 'b'] }])).rejects.toMatchObject(refusal)
  })

  it('tells 1 from "1" but not from 1.0', async () => {
    const { add } = await open([on('n', true)])
    await add('c', [{ n: 1 }, { n: '1' }])
    await expect(add('c', [{ n: 1.0 }])).rejects.toMatchObject(refusal)
  })

  it('is not built over documents that violate it', async () => {
    const { add, database } = await open()
    await add('c', [{ sku: 'a' }, { sku: 'a' }])
    await expect(database.ensureIndexes('c', [on('sku', true)])).rejects.toMatchObject(refusal)
    expect(database.collections()[0]?.indexes.map(({ name }) => name)).toEqual(['_id_'])
  })
})

describe('indexes', () => {
  it('are created once by name', async () => {
    const { database, add, count } = await open([on('a')])
    await add('c', [{ a: 1 }])
    await database.ensureIndexes('c', [on('a'), on('b')])
    expect(database.collections()[0]?.indexes.map(({ name }) => name)).toEqual(['_id_', 'a', 'b'])
    expect(await count('c', { a: 1 })).toBe(1)
  })

  it('are at most 20', async () => {
    const { database } = await open(Array.from({ length: 19 }, (_, i) => on(`f${i}`)))
    await expect(database.ensureIndexes('c', [on('more')])).rejects.toMatchObject({ code: 'INVALID_PARAM' })
  })

  it('refuse a value over 1024 bytes, on insert and when they are built', async () => {
    const { add, database } = await open([on('a')])
    await add('c', [{ a: 'x'.repeat(1000), b: 'x'.repeat(2000) }])
    const refusal = {
      code: 'DATABASE_REQUEST_FAILED',
      message: expect.stringContaining('larger than 1024 bytes'),
    }
    await expect(add('c', [{ a: '\u4e2d'.repeat(400) }])).rejects.toMatchObject(refusal)
    await expect(database.ensureIndexes('c', [on('b')])).rejects.toMatchObject(refusal)
  })

  it('refuse two arrays in one compound index', async () => {
    const fields: IndexDefinition['fields'] = [
      { path: 'a', direction: 1 },
      { path: 'b', direction: 1 },
    ]
    const { add } = await open([{ name: 'a_b', fields }])
    await expect(add('c', [{ a: [1], b: [2] }])).rejects.toMatchObject({
      message: expect.stringContaining('cannot index parallel arrays'),
    })
  })

  it('follow what becomes of a document', async () => {
    const { add, update, remove, count, database } = await open([on('tags')])
    await add('c', [{ _id: 1, tags: ['a', 'b'] }])
    await update('c', { _id: 1 }, { $set: { tags: ['b', 'c'] } })
    const counts = async () => Promise.all(['a', 'b', 'c'].map((tag) => count('c', { tags: tag })))
    expect(await counts()).toEqual([0, 1, 1])
    expect(database.explain('c', '{"tags":"b"}').indexes).toEqual(['tags'])
    await remove('c', { _id: 1 })
    expect(await counts()).toEqual([0, 0, 0])
  })

  it('of geo fields are remembered', async () => {
    const geo: IndexDefinition = { name: 'geo', fields: [{ path: 'place', direction: '2dsphere' }] }
    const { database } = await open([geo])
    expect(database.collections()[0]?.indexes).toContainEqual(geo)
  })
})
