import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createIds } from '../core/ids.ts'
import { createFinder, toQuery } from './find.ts'
import { createLocks } from './locks.ts'
import { Store } from './store.ts'
import { openDatabase } from './test-support/open.ts'
import { createTransactions } from './transactions.ts'
import { createWriter } from './writer.ts'

const conflict = { code: 'DATABASE_TRANSACTION_CONFLICT' }
const gone = { code: 'DATABASE_TRANSACTION_FAIL' }

let all: ReturnType<typeof openDatabase>

async function open(overrides: Parameters<typeof openDatabase>[0] = {}) {
  all = openDatabase(overrides)
  await all.database.createCollection('c')
  await all.add('c', [
    { _id: 'a', n: 1 },
    { _id: 'b', n: 2 },
  ])
  return all
}

beforeEach(async () => {
  await open()
})
afterEach(async () => {
  await all.database.stop()
})

describe('a transaction', () => {
  it('shows its writes to itself at once and to others after the commit', async () => {
    const { start, commit, get, set, add, remove } = all
    const transactionId = await start()
    await set('c', 'a', { n: 10 }, { transactionId })
    await add('c', [{ _id: 'new', n: 3 }], { transactionId })
    await remove('c', { _id: 'b' }, { transactionId, multi: false })
    expect(await get('c', {}, { transactionId })).toEqual([
      { _id: 'a', n: 10 },
      { _id: 'new', n: 3 },
    ])
    expect(await get('c', { n: { $gte: 3 } }, { transactionId, order: { n: -1 }, limit: 1 })).toEqual([
      { _id: 'a', n: 10 },
    ])
    expect(await get('c')).toEqual([
      { _id: 'a', n: 1 },
      { _id: 'b', n: 2 },
    ])
    await commit(transactionId)
    expect(await get('c')).toEqual([
      { _id: 'a', n: 10 },
      { _id: 'new', n: 3 },
    ])
    expect(all.database.collections()).toMatchObject([{ name: 'c', count: 2 }])
  })

  it('leaves nothing behind when it is aborted', async () => {
    const { start, abort, get, set, update } = all
    const transactionId = await start()
    await set('c', 'a', { n: 10 }, { transactionId })
    await abort(transactionId)
    expect(await get('c', { _id: 'a' })).toEqual([{ _id: 'a', n: 1 }])
    expect(await update('c', { _id: 'a' }, { $inc: { n: 1 } })).toEqual({ updated: 1 })
    await expect(get('c', {}, { transactionId })).rejects.toMatchObject(gone)
  })

  it('reads from the moment of its first read, not of its start', async () => {
    const { start, get, update } = all
    const transactionId = await start()
    await update('c', { _id: 'a' }, { $set: { n: 5 } })
    expect(await get('c', { _id: 'a' }, { transactionId })).toEqual([{ _id: 'a', n: 5 }])
    await update('c', { _id: 'a' }, { $set: { n: 6 } })
    expect(await get('c', { _id: 'a' }, { transactionId })).toEqual([{ _id: 'a', n: 5 }])
  })

  it('does not see through an index that was built after its first read', async () => {
    const { start, get, update, database } = all
    const transactionId = await start()
    await get('c', {}, { transactionId })
    await update('c', { _id: 'a' }, { $set: { n: 9 } })
    await database.ensureIndexes('c', [{ name: 'n', fields: [{ path: 'n', direction: 1 }] }])
    expect(await get('c', { n: 1 }, { transactionId })).toEqual([{ _id: 'a', n: 1 }])
    expect(await get('c', { n: 9 }, { transactionId })).toEqual([])
  })

  it('updates and returns within itself', async () => {
    const { start, database, commit, get } = all
    const transactionId = await start()
    const body = { collectionName: 'c', query: '{"_id":"a"}', data: '{"$inc":{"n":1}}', transactionId }
    expect(await database.handle('database.modifyAndReturnDoc', body, {})).toEqual({
      data: { updated: 1, doc: '{"_id":"a","n":2}' },
    })
    await commit(transactionId)
    expect(await get('c', { _id: 'a' })).toEqual([{ _id: 'a', n: 2 }])
  })

  it('refuses a second document of one unique key, its own or stored, and is over', async () => {
    const { start, add, get, database } = all
    await database.ensureIndexes('c', [{ name: 'n', unique: true, fields: [{ path: 'n', direction: 1 }] }])
    for (const n of [1, 7]) {
      const transactionId = await start()
      await add('c', [{ _id: 'seven', n: 7 }], { transactionId })
      await expect(add('c', [{ _id: 'other', n }], { transactionId })).rejects.toMatchObject({
        code: 'DATABASE_REQUEST_FAILED',
        message: expect.stringContaining(`index: n dup key: { n: ${n} }`),
      })
      await expect(get('c', {}, { transactionId })).rejects.toMatchObject(gone)
    }
  })

  it('may move a unique key from one document to another', async () => {
    const { start, commit, set, get, database } = all
    await database.ensureIndexes('c', [{ name: 'n', unique: true, fields: [{ path: 'n', direction: 1 }] }])
    const transactionId = await start()
    await set('c', 'a', { n: 3 }, { transactionId })
    await set('c', 'b', { n: 1 }, { transactionId })
    await commit(transactionId)
    expect(await get('c', { n: 1 })).toEqual([{ _id: 'b', n: 1 }])
  })
})

describe('conflicts', () => {
  it('strike the second transaction that writes a document, at once, and free what it held', async () => {
    const { start, set, commit, update } = all
    const first = await start()
    const second = await start()
    await set('c', 'a', { n: 10 }, { transactionId: first })
    await set('c', 'b', { n: 20 }, { transactionId: second })
    await expect(set('c', 'a', { n: 11 }, { transactionId: second })).rejects.toMatchObject(conflict)
    await expect(commit(second)).rejects.toMatchObject(gone)
    expect(await update('c', { _id: 'b' }, { $inc: { n: 1 } })).toEqual({ updated: 1 })
    await commit(first)
  })

  it('strike a write of a document that changed since the snapshot', async () => {
    const { start, set, get, update } = all
    const transactionId = await start()
    await get('c', { _id: 'a' }, { transactionId })
    await update('c', { _id: 'a' }, { $inc: { n: 1 } })
    await expect(set('c', 'a', { n: 10 }, { transactionId })).rejects.toMatchObject(conflict)
  })

  it('strike the commit when someone else took its unique key meanwhile', async () => {
    const { start, add, commit, database } = all
    await database.ensureIndexes('c', [{ name: 'n', unique: true, fields: [{ path: 'n', direction: 1 }] }])
    const transactionId = await start()
    await add('c', [{ _id: 'mine', n: 7 }], { transactionId })
    await add('c', [{ _id: 'theirs', n: 7 }])
    await expect(commit(transactionId)).rejects.toMatchObject(conflict)
  })

  it('leave a plain write waiting until the transaction is over', async () => {
    const { start, set, commit, update, get } = all
    const transactionId = await start()
    await set('c', 'a', { n: 10 }, { transactionId })
    const waiting = update('c', {}, { $inc: { n: 1 } })
    expect(await update('c', { _id: 'b' }, { $inc: { n: 1 } })).toEqual({ updated: 1 })
    await commit(transactionId)
    expect(await waiting).toEqual({ updated: 2 })
    expect(await get('c')).toEqual([
      { _id: 'a', n: 11 },
      { _id: 'b', n: 4 },
    ])
  })

  it('let a plain conditional write decide again after its wait', async () => {
    const { start, set, commit, update } = all
    const transactionId = await start()
    await set('c', 'a', { n: 0 }, { transactionId })
    const waiting = update('c', { _id: 'a', n: { $gte: 1 } }, { $inc: { n: -1 } })
    await commit(transactionId)
    expect(await waiting).toEqual({ updated: 0 })
  })

  it('end the wait of a plain write after a bounded time', async () => {
    await all.database.stop()
    const { start, set, update, add } = await open({ lockWaitMs: 20 })
    const transactionId = await start()
    await set('c', 'a', { n: 10 }, { transactionId })
    await add('c', [{ _id: 'new' }], { transactionId })
    const timeout = { code: 'DATABASE_REQUEST_FAILED', message: expect.stringContaining('lock timeout') }
    await expect(update('c', { _id: 'a' }, { $inc: { n: 1 } })).rejects.toMatchObject(timeout)
    await expect(add('c', [{ _id: 'new' }])).rejects.toMatchObject(timeout)
  })

  it('never let a plain write wait for a transaction of its own invocation', async () => {
    const { start, set, update } = all
    const transactionId = await start('invocation-1')
    await set('c', 'a', { n: 10 }, { transactionId })
    await expect(update('c', { _id: 'a' }, { $inc: { n: 1 } }, {}, 'invocation-1')).rejects.toMatchObject(
      conflict,
    )
  })
})

describe('a write', () => {
  it('that could not be stored is refused at once, not at the commit', async () => {
    const { start, add, database } = all
    await database.ensureIndexes('c', [{ name: 'text', fields: [{ path: 'text', direction: 1 }] }])
    const first = await start()
    await expect(add('c', [{ text: 'x'.repeat(2000) }], { transactionId: first })).rejects.toMatchObject({
      message: expect.stringContaining('larger than 1024 bytes'),
    })
    const second = await start()
    await expect(add('c', [{ large: 'x'.repeat(600_000) }], { transactionId: second })).rejects.toMatchObject(
      {
        message: expect.stringContaining('document size exceeds limit'),
      },
    )
  })
})

describe('a commit', () => {
  it('checks its documents again: another commit may have been under way when they were locked', async () => {
    const store = new Store(undefined)
    const writer = createWriter(store, () => {})
    const finder = createFinder(store, { onPlan: () => {}, onMissingGeoIndex: () => {} })
    const { clock } = all
    const transactions = createTransactions({
      store,
      writer,
      finder,
      locks: createLocks(),
      clock,
      ids: createIds('x'),
    })
    try {
      await writer.write((batch) => batch.create('c'))
      await writer.write((batch) => batch.apply([['c', [{ kind: 'insert', after: { _id: 1, n: 1 } }]]]))
      const id = transactions.start(undefined)
      transactions.run(id, (transaction) => {
        const [before] = transaction.find('c', toQuery({ _id: 1 }), 0, 1)
        transaction.change('c', before ?? {}, 'update', { _id: 1, n: 2 })
      })
      // Straight through the writer, as a write that was past its look at the locks.
      await writer.write((batch) =>
        batch.apply([
          ['c', [{ kind: 'update', record: 1, before: { _id: 1, n: 1 }, after: { _id: 1, n: 5 } }]],
        ]),
      )
      await expect(transactions.commit(id)).rejects.toMatchObject(conflict)
      const [left] = finder.find(store.catalogue.get('c'), toQuery({}), undefined, 0, 10)
      expect(left?.text).toBe('{"_id":1,"n":5}')
    } finally {
      await writer.stop()
      await store.close()
    }
  })
})

describe('the end of a transaction', () => {
  it('comes by itself after 30 s of the clock', async () => {
    const { start, set, clock, update } = all
    const transactionId = await start()
    await set('c', 'a', { n: 10 }, { transactionId })
    await clock.advance(29_999)
    await set('c', 'a', { n: 11 }, { transactionId })
    await clock.advance(1)
    await expect(all.commit(transactionId)).rejects.toMatchObject({
      ...gone,
      message: expect.stringContaining('expired after 30 s'),
    })
    expect(await update('c', { _id: 'a' }, { $inc: { n: 1 } })).toEqual({ updated: 1 })
  })

  it('comes with the end of the invocation that opened it', async () => {
    const { start, set, get, update, database } = all
    const mine = await start('one')
    const theirs = await start('two')
    await set('c', 'a', { n: 10 }, { transactionId: mine })
    await database.endInvocation('one')
    expect(await update('c', { _id: 'a' }, { $inc: { n: 1 } })).toEqual({ updated: 1 })
    await expect(get('c', {}, { transactionId: mine })).rejects.toMatchObject(gone)
    expect(await get('c', { _id: 'b' }, { transactionId: theirs })).toHaveLength(1)
  })

  it('is an error for one that never was', async () => {
    await expect(all.commit('none')).rejects.toMatchObject(gone)
    await expect(all.abort('none')).rejects.toMatchObject(gone)
  })
})
