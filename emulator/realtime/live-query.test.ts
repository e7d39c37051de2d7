import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '../database/test-support/open.ts'
import { LiveQuery } from './live-query.ts'
import { netChanges } from './net-changes.ts'

let db: ReturnType<typeof openDatabase>

beforeEach(async () => {
  db = openDatabase()
  await db.database.createCollection('posts')
  await db.add(
    'posts',
    [1, 2, 3, 4].map((n) => ({ _id: `p${n}`, n, on: true })),
  )
})

afterEach(() => db.database.stop())

/** Counts how often the whole query is run. */
function open(query: object, { order, limit }: { order?: object; limit?: number } = {}) {
  const standing = db.database.standingQuery('posts', JSON.stringify(query), order && JSON.stringify(order))
  const counts = { reads: 0 }
  const live = new LiveQuery(
    'key',
    {
      ...standing,
      read(max) {
        counts.reads += 1
        return standing.read(max)
      },
    },
    {
      collection: 'posts',
      limit,
      isOrdered: order !== undefined,
      log: { maxEntries: 10, maxBytes: 1_000_000 },
    },
  )
  db.database.onCommit((changes) => {
    live.note(netChanges(changes).get('posts') ?? new Map())
    live.catchUp()
  })
  const ids = () => live.documents.map(({ id }) => id)
  return { live, counts, ids }
}

describe('a live query', () => {
  it('without a limit is run once, whatever is committed', async () => {
    const { counts, ids } = open({ on: true }, { order: { n: -1 } })
    await db.add('posts', [{ _id: 'p5', n: 2.5, on: true }])
    await db.update('posts', { _id: 'p1' }, { $set: { n: 9 } })
    await db.update('posts', { _id: 'p3' }, { $set: { on: false } })
    await db.remove('posts', { _id: 'p4' })
    expect(ids()).toEqual(['p1', 'p5', 'p2'])
    expect(counts.reads).toBe(1)
  })

  it('with a limit is run again only when a document that is in the window, or may come in, has changed', async () => {
    const { counts, ids } = open({ on: true }, { order: { n: 1 }, limit: 2 })
    await db.update('posts', { _id: 'p4' }, { $set: { n: 5 } })
    await db.add('posts', [{ _id: 'p0', n: 0, on: false }])
    expect(counts.reads).toBe(1)
    await db.remove('posts', { _id: 'p1' })
    expect(ids()).toEqual(['p2', 'p3'])
    expect(counts.reads).toBe(2)
    await db.update('posts', { _id: 'p0' }, { $set: { on: true } })
    expect(ids()).toEqual(['p0', 'p2'])
    expect(counts.reads).toBe(3)
  })

  it('lets in a document that equals the last one of a full window, which the query may put first', async () => {
    await db.update('posts', { _id: 'p1' }, { $set: { on: false } })
    const { ids } = open({ on: true }, { order: { n: 1 }, limit: 1 })
    expect(ids()).toEqual(['p2'])
    await db.update('posts', { _id: 'p1' }, { $set: { on: true, n: 2 } })
    expect(ids()).toEqual(['p1'])
  })

  it('says nothing when a change leaves its result as it was', async () => {
    const { live } = open({ on: true })
    const { seq } = live
    await db.add('posts', [{ _id: 'p5', on: false }])
    await db.update('posts', { _id: 'p5' }, { $set: { n: 7 } })
    expect(live.seq).toBe(seq)
  })

  it('takes a commit that its first read has seen for what it knows already', async () => {
    const { live } = open({ on: true })
    const { seq } = live
    const [known] = db.database.standingQuery('posts', '{"_id":"p1"}').read(1)
    live.note(
      netChanges([{ collection: 'posts', id: 'p1', kind: 'insert', after: known }]).get('posts') ?? new Map(),
    )
    expect(live.catchUp()).toBe(false)
    expect(live.seq).toBe(seq)
  })
})
