import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { openDatabase } from './test-support/open.ts'

const opened: { stop(): Promise<void> }[] = []
const folders: string[] = []

async function open(...args: Parameters<typeof openDatabase>) {
  const all = openDatabase(...args)
  opened.push(all.database)
  if (all.database.collections().length === 0) await all.database.createCollection('c')
  return all
}

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'database-test-'))
  folders.push(dir)
  return dir
}

afterEach(async () => {
  for (const database of opened.splice(0)) await database.stop()
  for (const dir of folders.splice(0)) rmSync(dir, { recursive: true, force: true })
})

describe('documents', () => {
  it('come back in order of insertion, with ids of 32 hex digits when they had none', async () => {
    const { add, get } = await open()
    const { insertedIds } = await add('c', [{ n: 3 }, { n: 1 }, { _id: 'own', n: 2 }])
    expect(insertedIds).toEqual([
      expect.stringMatching(/^[0-9a-f]{32}$/),
      expect.stringMatching(/^[0-9a-f]{32}$/),
      'own',
    ])
    expect((await get('c')).map(({ n }) => n)).toEqual([3, 1, 2])
  })

  it('are told apart by the type of their id', async () => {
    const { add, get } = await open()
    await add('c', [
      { _id: '12', is: 'text' },
      { _id: 12, is: 'number' },
    ])
    expect(await get('c', { _id: 12 })).toEqual([{ _id: 12, is: 'number' }])
    expect(await get('c', { _id: '12' })).toEqual([{ _id: '12', is: 'text' }])
  })

  it('of one id exist once, and a batch with a second one inserts nothing', async () => {
    const { add, count } = await open()
    await add('c', [{ _id: 'a' }])
    await expect(add('c', [{ _id: 'b' }, { _id: 'a' }])).rejects.toMatchObject({
      code: 'DATABASE_REQUEST_FAILED',
      message: expect.stringContaining(
        'E11000 duplicate key error collection: tnt-local.c index: _id_ dup key: { _id: "a" }',
      ),
    })
    expect(await count('c')).toBe(1)
  })

  it('survive a restart with their indexes and counts', async () => {
    const dir = folder()
    const first = await open({ dir })
    await first.add('c', [{ _id: 'a', n: 1, at: new Date(5) }, { _id: 'b' }])
    await first.remove('c', { _id: 'b' })
    await first.database.ensureIndexes('c', [{ name: 'n', fields: [{ path: 'n', direction: 1 }] }])
    await first.database.stop()
    const second = await open({ dir })
    expect(await second.get('c', { n: 1 })).toEqual([{ _id: 'a', n: 1, at: { $date: { $numberLong: '5' } } }])
    expect(second.database.collections()).toMatchObject([
      { name: 'c', count: 1, indexes: [{ name: '_id_' }, { name: 'n' }] },
    ])
    expect(second.database.explain('c', '{"n":1}').indexes).toEqual(['n'])
  })
})

describe('writes', () => {
  it('change what matches and count only what changed', async () => {
    const { add, get, update } = await open()
    await add('c', [
      { _id: 1, n: 1 },
      { _id: 2, n: 2 },
      { _id: 3, n: 5 },
    ])
    expect(await update('c', { n: { $lte: 2 } }, { $set: { n: 2 } })).toEqual({ updated: 1 })
    expect((await get('c', { n: 2 })).map(({ _id }) => _id)).toEqual([1, 2])
    expect(await update('c', { n: 2 }, { $inc: { n: 1 } }, { multi: false })).toEqual({ updated: 1 })
    expect((await get('c')).map(({ n }) => n)).toEqual([3, 2, 5])
  })

  it('replace or insert a whole document with set', async () => {
    const { add, get, set } = await open()
    await add('c', [{ _id: 'a', n: 1, old: true }])
    expect(await set('c', 'a', { n: 2 })).toEqual({ updated: 1 })
    expect(await set('c', 'new', { n: 3 })).toEqual({ updated: 0, upsert_id: 'new' })
    expect(await get('c')).toEqual([
      { _id: 'a', n: 2 },
      { _id: 'new', n: 3 },
    ])
  })

  it.each([undefined, 'folder'])('never oversell under parallel conditional updates (%s)', async (kind) => {
    const { add, get, update } = await open({ dir: kind && folder() })
    await add('c', [{ _id: 'sku', stock: 20 }])
    const attempts = Array.from({ length: 100 }, () =>
      update('c', { _id: 'sku', stock: { $gte: 1 } }, { $inc: { stock: -1 } }),
    )
    const sold = (await Promise.all(attempts)).filter(({ updated }) => updated === 1)
    expect(sold).toHaveLength(20)
    expect(await get('c')).toEqual([{ _id: 'sku', stock: 0 }])
  })

  it('reach every one of many matches, in several turns', async () => {
    const { add, count, update, remove } = await open()
    await add(
      'c',
      Array.from({ length: 1203 }, (_, n) => ({ n })),
    )
    expect(await update('c', { n: { $gte: 3 } }, { $set: { done: true } })).toEqual({ updated: 1200 })
    expect(await count('c', { done: true })).toBe(1200)
    expect(await remove('c')).toEqual({ deleted: 1203 })
    expect(await count('c')).toBe(0)
  })

  it('that fail leave nothing, and do not harm the others of their commit', async () => {
    const { add, get, update } = await open()
    await add('c', [
      { _id: 1, n: 1 },
      { _id: 2, n: 'text' },
    ])
    const [good, bad] = await Promise.allSettled([
      update('c', { _id: 1 }, { $inc: { n: 1 } }),
      update('c', {}, { $inc: { n: 1 } }),
    ])
    expect([good.status, bad.status]).toEqual(['fulfilled', 'rejected'])
    expect(await get('c')).toEqual([
      { _id: 1, n: 2 },
      { _id: 2, n: 'text' },
    ])
  })
})

describe('collections', () => {
  it('must exist before anything is done with them', async () => {
    const { add, get, update, remove, count, aggregate } = await open()
    const missing = {
      code: 'DATABASE_COLLECTION_NOT_EXIST',
      message: 'Db or Table not exist. Please check your request',
    }
    for (const attempt of [
      () => add('none', [{}]),
      () => get('none'),
      () => update('none', {}, { $set: { a: 1 } }),
      () => remove('none'),
      () => count('none'),
      () => aggregate('none', []),
    ]) {
      await expect(attempt()).rejects.toMatchObject(missing)
    }
  })

  it('are created once', async () => {
    const { database } = await open()
    await database.handle('database.addCollection', { collectionName: 'new' }, {})
    await expect(database.createCollection('new')).rejects.toMatchObject({
      code: 'DATABASE_COLLECTION_ALREADY_EXIST',
    })
    await expect(database.createCollection('no spaces')).rejects.toMatchObject({ code: 'INVALID_PARAM' })
  })
})
