import { setTimeout as delay } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import { openDatabase } from '../database/test-support/open.ts'
import {
  closeClients,
  connectSdk,
  cutConnections,
  quietenClients,
  type Snapshot,
} from './sdk-client.fixture.ts'
import { serveRealtime } from './serve.fixture.ts'

quietenClients()

/** Few ids and values, so that documents often enter, leave and move. */
const id = fc.integer({ min: 0, max: 7 }).map((n) => `d${n}`)
const n = fc.integer({ min: 0, max: 5 })
const on = fc.boolean()

const write = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), id, n, on }),
  fc.record({ kind: fc.constant('update' as const), id, n }),
  fc.record({ kind: fc.constant('switch' as const), id, on }),
  fc.record({ kind: fc.constant('shift' as const), n }),
  fc.record({ kind: fc.constant('remove' as const), id }),
)
type Write = typeof write extends fc.Arbitrary<infer T> ? T : never

/** What happens before the next thing does: writers at once, a transaction, or a broken connection. */
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('writers' as const),
      writes: fc.array(write, { maxLength: 4 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('transaction' as const), ids: fc.array(id), n, on }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('cut' as const), pauseMs: fc.integer({ min: 0, max: 3 }) }),
  },
)

const watch = fc.record({
  query: fc.constantFrom({}, { on: true }, { n: { $gte: 3 } }, { _id: 'd1' }),
  orderBy: fc.constantFrom(undefined, { n: 'asc', _id: 'asc' } as const, { n: 'desc', _id: 'asc' } as const),
  limit: fc.constantFrom(undefined, 1, 3, 20),
})

type Documents = Record<string, unknown>[]

it('ends with the result of its query, never shows anything else than results, and tells exactly what differs', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(watch, { minLength: 1, maxLength: 3 }),
      fc.array(step, { maxLength: 12 }),
      fc.constantFrom(2, 1_000),
      run,
    ),
    { numRuns: 100 },
  )
}, 60_000)

async function run(
  watches: (typeof watch extends fc.Arbitrary<infer T> ? T : never)[],
  steps: (typeof step extends fc.Arbitrary<infer T> ? T : never)[],
  maxEntries: number,
): Promise<void> {
  vi.mocked(console.warn).mockClear()
  const db = openDatabase()
  await db.database.createCollection('posts')
  await db.add('posts', [{ _id: 'd1', n: 1, on: true }])
  const served = await serveRealtime(db.database, { bounds: { log: { maxEntries, maxBytes: 1_000_000 } } })
  const client = connectSdk(served.webUrl)
  try {
    const watched = watches.map(({ query, orderBy, limit }) => {
      const order =
        orderBy &&
        Object.fromEntries(Object.entries(orderBy).map(([path, way]) => [path, way === 'asc' ? 1 : -1]))
      const standing = db.database.standingQuery(
        'posts',
        JSON.stringify(query),
        order && JSON.stringify(order),
      )
      const read = () => shown(standing.read(limit ?? 1_000) as Documents, orderBy !== undefined)
      const results = [read()]
      db.database.onCommit(() => results.push(read()))
      return {
        watch: client.watch('posts', query, { orderBy, limit }),
        results,
        isOrdered: orderBy !== undefined,
      }
    })
    await Promise.all(watched.map((each) => each.watch.snapshot(1)))
    for (const each of steps) await take(db, client, each)
    await client.isActive()
    for (const { watch: told, results, isOrdered } of watched) {
      const isThere = told.until(({ last }) => shown(last.docs, isOrdered) === results.at(-1))
      await Promise.race([isThere, delay(5_000)])
      expect(shown(told.last.docs, isOrdered)).toBe(results.at(-1))
      assertPassedThrough(
        told.snapshots.map(({ docs }) => shown(docs, isOrdered)),
        results,
      )
      assertTold(told.snapshots)
    }
    // What the client says of an event that it knows already, or that does not follow the one before.
    expect(vi.mocked(console.warn)).not.toHaveBeenCalledWith(
      expect.stringMatching(/duplicate event|out of order/),
    )
  } finally {
    closeClients()
    await served.stop()
    await db.database.stop()
  }
}

async function take(
  db: ReturnType<typeof openDatabase>,
  client: ReturnType<typeof connectSdk>,
  each: typeof step extends fc.Arbitrary<infer T> ? T : never,
): Promise<void> {
  if (each.kind === 'cut') {
    // A client that is cut off while it comes back gives up after the third time.
    await client.isActive()
    await cutConnections()
    return void (await delay(each.pauseMs))
  }
  if (each.kind === 'writers') return void (await Promise.all(each.writes.map((one) => perform(db, one))))
  const transactionId = await db.start()
  for (const one of each.ids) await db.set('posts', one, { n: each.n, on: each.on }, { transactionId })
  await db.commit(transactionId)
}

function perform(db: ReturnType<typeof openDatabase>, one: Write): Promise<unknown> {
  switch (one.kind) {
    case 'set':
      return db.set('posts', one.id, { n: one.n, on: one.on })
    case 'update':
      return db.update('posts', { _id: one.id }, { $set: { n: one.n } })
    case 'switch':
      return db.update('posts', { _id: one.id }, { $set: { on: one.on } })
    case 'shift':
      return db.update('posts', { n: one.n }, { $inc: { n: 1 } })
    case 'remove':
      return db.remove('posts', { _id: one.id })
  }
}

/** Without an order, any order will do. */
function shown(documents: Documents, isOrdered: boolean): string {
  const texts = documents.map((document) => JSON.stringify(Object.entries(document).sort()))
  return (isOrdered ? texts : texts.sort()).join('\n')
}

/** Each snapshot is the result after some commit, and a later one than the snapshot before. */
function assertPassedThrough(snapshots: string[], results: string[]): void {
  let at = 0
  for (const snapshot of snapshots) {
    at = results.indexOf(snapshot, at)
    expect(at, `a snapshot that never was a result: ${snapshot}`).toBeGreaterThanOrEqual(0)
  }
}

/** The changes make the documents of each snapshot out of those before, and events are counted without a gap. */
function assertTold(snapshots: Snapshot[]): void {
  let documents: Documents = []
  let lastId: number | undefined
  for (const { id: eventId, docs, docChanges } of snapshots) {
    if (lastId !== undefined) expect(eventId).toBe(lastId + 1)
    lastId = eventId
    for (const [i, { queueType, docId, doc }] of docChanges.entries()) {
      const place = documents.findIndex(({ _id }) => _id === docId)
      if (queueType === 'init') documents = [...(i === 0 ? [] : documents), doc ?? {}]
      if (queueType === 'enqueue') documents = [...documents, doc ?? {}]
      if (queueType === 'dequeue') documents = documents.toSpliced(place, 1)
      if (queueType === 'update') documents = documents.with(place, doc ?? {})
    }
    expect(docs).toEqual(documents)
  }
}
