import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Change } from './changes.ts'
import { openDatabase } from './test-support/open.ts'

let all: ReturnType<typeof openDatabase>

beforeEach(async () => {
  all = openDatabase()
  await all.database.createCollection('c')
  await all.database.ensureIndexes('c', [{ name: 'n', unique: true, fields: [{ path: 'n', direction: -1 }] }])
  await all.add('c', [
    { _id: 'z', n: 1, at: new Date(5) },
    { _id: 'a', n: 2 },
  ])
})
afterEach(() => all.database.stop())

describe('a snapshot', () => {
  it('gives everything back in another database', async () => {
    const snapshot = JSON.parse(JSON.stringify(await all.database.exportAll()))
    const other = openDatabase()
    try {
      await other.database.createCollection('old')
      await other.database.importAll(snapshot)
      expect(other.database.collections()).toEqual(all.database.collections())
      expect(await other.get('c')).toEqual(await all.get('c'))
      expect(await other.database.exportAll()).toEqual(snapshot)
      await expect(other.add('c', [{ n: 2 }])).rejects.toMatchObject({ code: 'DATABASE_REQUEST_FAILED' })
    } finally {
      await other.database.stop()
    }
  })

  it.each([
    ['that is none', { collections: 5 }],
    [
      'with an id twice',
      { collections: [{ name: 'x', indexes: [], documents: ['{"_id":1}', '{"_id":1}'] }] },
    ],
    ['with a document without id', { collections: [{ name: 'x', indexes: [], documents: ['{}'] }] }],
  ])('%s is refused and changes nothing', async (_title, snapshot) => {
    const before = await all.database.exportAll()
    // Deliberately of the wrong shape: snapshots come from outside.
    await expect(all.database.importAll(snapshot as never)).rejects.toMatchObject({ name: 'WireError' })
    expect(await all.database.exportAll()).toEqual(before)
    expect(await all.get('c', { n: 2 })).toHaveLength(1)
  })

  it('reset leaves nothing, and the database goes on', async () => {
    await all.database.reset()
    expect(all.database.collections()).toEqual([])
    await expect(all.get('c')).rejects.toMatchObject({ code: 'DATABASE_COLLECTION_NOT_EXIST' })
    await all.database.createCollection('c')
    await all.add('c', [{ _id: 'z' }])
    expect(await all.get('c')).toEqual([{ _id: 'z' }])
  })
})

describe('the change feed', () => {
  it('tells of every committed change with the document before and after, a transaction as one', async () => {
    const heard: Change[][] = []
    const stop = all.database.onCommit((changes) => heard.push(changes))
    await all.update('c', { _id: 'a' }, { $set: { n: 3 } })
    await all.update('c', { _id: 'a' }, { $set: { n: 3 } })
    await expect(all.add('c', [{ n: 3 }])).rejects.toThrow()
    const transactionId = await all.start()
    await all.remove('c', { _id: 'z' }, { transactionId, multi: false })
    await all.add('c', [{ _id: 'new', n: 9 }], { transactionId })
    await all.set('c', 'a', { n: 4 }, { transactionId })
    expect(heard).toHaveLength(1)
    await all.commit(transactionId)
    stop()
    await all.remove('c')
    expect(heard).toEqual([
      [{ collection: 'c', id: 'a', kind: 'update', before: { _id: 'a', n: 2 }, after: { _id: 'a', n: 3 } }],
      [
        { collection: 'c', id: 'z', kind: 'remove', before: { _id: 'z', n: 1, at: new Date(5) } },
        { collection: 'c', id: 'new', kind: 'insert', after: { _id: 'new', n: 9 } },
        { collection: 'c', id: 'a', kind: 'replace', before: { _id: 'a', n: 3 }, after: { _id: 'a', n: 4 } },
      ],
    ])
  })

  it('goes on when a listener throws', async () => {
    all.database.onCommit(() => {
      throw new Error('listener')
    })
    expect(await all.update('c', { _id: 'a' }, { $set: { n: 3 } })).toEqual({ updated: 1 })
    expect(all.log.recent(({ level }) => level === 'error')).toHaveLength(1)
  })
})
