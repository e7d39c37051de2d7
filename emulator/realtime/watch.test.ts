import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '../database/test-support/open.ts'
import {
  closeClients,
  connectSdk,
  cutConnections,
  quietenClients,
  type Watched,
} from './sdk-client.fixture.ts'
import { authorizeOwn, serveRealtime } from './serve.fixture.ts'

quietenClients()

let db: ReturnType<typeof openDatabase>
let served: Awaited<ReturnType<typeof serveRealtime>>
const stops: (() => Promise<void>)[] = []

beforeEach(async () => {
  db = openDatabase()
  await db.database.createCollection('posts')
  served = await serveRealtime(db.database)
  stops.push(served.stop, () => db.database.stop())
})

afterEach(async () => {
  closeClients()
  for (const stop of stops.splice(0)) await stop()
})

const idsOf = ({ docs }: { docs: Record<string, unknown>[] }) => docs.map(({ _id }) => _id)
const changesOf = ({ docChanges }: { docChanges: Watched['last']['docChanges'] }) =>
  docChanges.map(({ dataType, queueType, docId }) => `${dataType}/${queueType} ${docId}`)

describe('a watch of the real client', () => {
  it('gets the documents that match, beyond the 20 or 100 of a query', async () => {
    await db.add(
      'posts',
      Array.from({ length: 150 }, (_, i) => ({ _id: `p${i}`, on: i % 3 !== 0 })),
    )
    const watched = connectSdk(served.webUrl).watch('posts', { on: true })
    const { docs, docChanges } = await watched.snapshot(1)
    expect(docs).toHaveLength(100)
    expect(docChanges[0]).toMatchObject({ dataType: 'init', queueType: 'init', docId: 'p1' })
  })

  it('is told of an empty result', async () => {
    const { docs, type } = await connectSdk(served.webUrl).watch('posts').snapshot(1)
    expect({ docs, type }).toEqual({ docs: [], type: 'init' })
  })

  it('sees documents added, updated, replaced and removed', async () => {
    const watched = connectSdk(served.webUrl).watch('posts')
    await watched.snapshot(1)
    await db.add('posts', [{ _id: 'a', n: 1, tags: { x: 1, y: 2 } }])
    expect(changesOf(await watched.snapshot(2))).toEqual(['add/enqueue a'])
    await db.update('posts', { _id: 'a' }, { $set: { n: 2, 'tags.x': 5 }, $unset: { 'tags.y': '' } })
    const updated = await watched.snapshot(3)
    expect(updated.docChanges[0]).toMatchObject({
      dataType: 'update',
      queueType: 'update',
      docId: 'a',
      updatedFields: { n: 2, 'tags.x': 5 },
      removedFields: ['tags.y'],
    })
    expect(updated.docs).toEqual([{ _id: 'a', n: 2, tags: { x: 5 } }])
    await db.set('posts', 'a', { n: 3 })
    const replaced = await watched.snapshot(4)
    expect(changesOf(replaced)).toEqual(['replace/update a'])
    expect(replaced.docs).toEqual([{ _id: 'a', n: 3 }])
    await db.remove('posts', { _id: 'a' })
    const removed = await watched.snapshot(5)
    expect(changesOf(removed)).toEqual(['remove/dequeue a'])
    expect(removed.docs).toEqual([])
  })

  it('sees documents come and go when an update makes them match or not, without what they became', async () => {
    await db.add('posts', [{ _id: 'a', on: true, secret: 'old' }])
    const watched = connectSdk(served.webUrl).watch('posts', { on: true })
    await watched.snapshot(1)
    await db.update('posts', { _id: 'a' }, { $set: { on: false, secret: 'new' } })
    const gone = await watched.snapshot(2)
    expect(changesOf(gone)).toEqual(['update/dequeue a'])
    expect(JSON.stringify(gone.docChanges)).not.toContain('new')
    await db.set('posts', 'a', { on: true })
    expect(changesOf(await watched.snapshot(3))).toEqual(['replace/enqueue a'])
    await db.set('posts', 'a', { on: false, secret: 'new' })
    const goneAgain = await watched.snapshot(4)
    expect(changesOf(goneAgain)).toEqual(['replace/dequeue a'])
    expect(JSON.stringify(goneAgain.docChanges)).not.toContain('new')
  })

  it('of one document follows it from before it exists', async () => {
    const watched = connectSdk(served.webUrl).watch('posts', { _id: 'a' })
    expect((await watched.snapshot(1)).docs).toEqual([])
    await db.add('posts', [{ _id: 'b' }])
    await db.add('posts', [{ _id: 'a' }])
    expect(idsOf(await watched.snapshot(2))).toEqual(['a'])
  })

  it('gets plain numbers, and dates as the web has them', async () => {
    const atMs = Date.UTC(2025, 0, 2)
    await db.add('posts', [{ _id: 'a', at: new Date(atMs), n: 1.5 }])
    await db.update('posts', {}, { $mul: { n: 2 } })
    const { docs } = await connectSdk(served.webUrl).watch('posts').snapshot(1)
    expect(docs).toEqual([{ _id: 'a', at: { $date: atMs }, n: 3 }])
  })

  it('keeps a window of ordered documents full and in order', async () => {
    await db.add(
      'posts',
      [3, 1, 5, 4].map((n) => ({ _id: `p${n}`, n })),
    )
    const watched = connectSdk(served.webUrl).watch('posts', {}, { orderBy: { n: 'asc' }, limit: 3 })
    expect(idsOf(await watched.snapshot(1))).toEqual(['p1', 'p3', 'p4'])
    await db.remove('posts', { _id: 'p3' })
    const refilled = await watched.snapshot(2)
    expect(changesOf(refilled)).toEqual(['remove/dequeue p3', 'limit/enqueue p5'])
    expect(idsOf(refilled)).toEqual(['p1', 'p4', 'p5'])
    await db.add('posts', [{ _id: 'p6', n: 6 }])
    await db.add('posts', [{ _id: 'p2', n: 2 }])
    expect(idsOf(await watched.snapshot(3))).toEqual(['p1', 'p2', 'p4'])
    await db.update('posts', { _id: 'p1' }, { $set: { n: 3 } })
    expect(idsOf(await watched.snapshot(4))).toEqual(['p2', 'p1', 'p4'])
    expect(watched.snapshots).toHaveLength(4)
  })

  it('hears of a transaction once, after its commit', async () => {
    const watched = connectSdk(served.webUrl).watch('posts')
    await watched.snapshot(1)
    const transactionId = await db.start()
    await db.add('posts', [{ _id: 'a', n: 1 }], { transactionId })
    await db.set('posts', 'a', { n: 2 }, { transactionId })
    await db.set('posts', 'b', { n: 1 }, { transactionId })
    await db.commit(transactionId)
    await db.add('posts', [{ _id: 'c' }])
    expect((await watched.snapshot(2)).docs).toEqual([
      { _id: 'a', n: 2 },
      { _id: 'b', n: 1 },
    ])
    expect(changesOf(await watched.snapshot(3))).toEqual(['add/enqueue c'])
  })

  it('hears nothing more once it is closed', async () => {
    const client = connectSdk(served.webUrl)
    const [closed, other] = [client.watch('posts'), client.watch('posts')]
    await Promise.all([closed.snapshot(1), other.snapshot(1)])
    closed.close()
    await db.add('posts', [{ _id: 'a' }])
    await other.snapshot(2)
    expect(closed.snapshots).toHaveLength(1)
  })

  it('goes on after a broken connection with what it missed, nothing lost and nothing twice', async () => {
    const watched = connectSdk(served.webUrl).watch('posts')
    await watched.snapshot(1)
    await db.add('posts', [{ _id: 'a' }])
    await watched.snapshot(2)
    await cutConnections()
    await db.add('posts', [{ _id: 'b' }])
    await db.remove('posts', { _id: 'a' })
    await watched.until(({ last }) => idsOf(last).join() === 'b')
    expect(watched.snapshots.map(changesOf).slice(2)).toEqual([['add/enqueue b'], ['remove/dequeue a']])
  })

  it('gets the result anew when what it missed is no longer kept', async () => {
    await served.stop()
    served = await serveRealtime(db.database, { bounds: { log: { maxEntries: 2, maxBytes: 1_000_000 } } })
    stops.push(served.stop)
    const watched = connectSdk(served.webUrl).watch('posts')
    await watched.snapshot(1)
    await cutConnections()
    for (const id of ['a', 'b', 'c', 'd']) await db.add('posts', [{ _id: id }])
    const again = await watched.snapshot(2)
    expect(changesOf(again)).toEqual(['init/init a', 'init/init b', 'init/init c', 'init/init d'])
    await cutConnections()
    for (const id of ['a', 'b', 'c', 'd']) await db.remove('posts', { _id: id })
    expect((await watched.until(({ snapshots }) => snapshots.length > 2)).docs).toEqual([])
    await db.add('posts', [{ _id: 'e' }])
    expect(changesOf(await watched.until(({ snapshots }) => snapshots.length > 3))).toEqual(['add/enqueue e'])
  })

  it('is told what a replaced database holds', async () => {
    await db.add('posts', [{ _id: 'a' }, { _id: 'b', n: 1 }])
    const snapshot = await db.database.exportAll()
    await db.remove('posts', { _id: 'a' })
    await db.update('posts', { _id: 'b' }, { $set: { n: 2 } })
    await db.add('posts', [{ _id: 'c' }])
    const watched = connectSdk(served.webUrl).watch('posts')
    await watched.snapshot(1)
    await db.database.importAll(snapshot)
    served.realtime.refresh()
    await watched.until(({ last }) => idsOf(last).includes('a') && !idsOf(last).includes('c'))
    expect(watched.last.docs).toEqual(expect.arrayContaining([{ _id: 'a' }, { _id: 'b', n: 1 }]))
  })
})

describe('permission', () => {
  beforeEach(async () => {
    await served.stop()
    served = await serveRealtime(db.database, { authorize: authorizeOwn })
    stops.push(served.stop)
  })

  it('shows each client what it may read, whatever it asks for', async () => {
    const [ann, bob] = ['ann', 'bob'].map((user) => connectSdk(served.clientUrl(user)).watch('posts'))
    await Promise.all([ann?.snapshot(1), bob?.snapshot(1)])
    await db.add('posts', [
      { _id: 'a', owner: 'ann' },
      { _id: 'b', owner: 'bob' },
    ])
    expect(idsOf((await ann?.snapshot(2)) ?? { docs: [] })).toEqual(['a'])
    expect(idsOf((await bob?.snapshot(2)) ?? { docs: [] })).toEqual(['b'])
    await db.update('posts', { _id: 'a' }, { $set: { owner: 'bob' } })
    expect(idsOf((await ann?.snapshot(3)) ?? { docs: [{}] })).toEqual([])
    expect(idsOf((await bob?.snapshot(3)) ?? { docs: [] })).toEqual(['b', 'a'])
  })

  it('refuses a collection that the client may not read', async () => {
    const error = await connectSdk(served.clientUrl('ann')).watch('secrets').error()
    expect(error).toMatchObject({ msgData: { code: 'COLLECTION_PERMISSION_DENIED' } })
  })

  it('is checked again when a watch is built anew', async () => {
    let isAllowed = true
    await served.stop()
    served = await serveRealtime(db.database, {
      authorize: (collection, query, client) =>
        authorizeOwn(isAllowed ? collection : 'secrets', query, client),
    })
    stops.push(served.stop)
    const watched = connectSdk(served.clientUrl('ann')).watch('posts')
    await watched.snapshot(1)
    isAllowed = false
    await cutConnections()
    expect(await watched.error()).toMatchObject({ msgData: { code: 'COLLECTION_PERMISSION_DENIED' } })
  })

  it('ends a watch whose login is not valid', async () => {
    const error = await connectSdk(served.webUrl, { signStr: 'forged' }).watch('posts').error()
    expect(error).toMatchObject({ errCode: 'SDK_DATABASE_REALTIME_LISTENER_INIT_WATCH_FAIL' })
  })

  it('ends the watches of a connection that names no user', async () => {
    const error = await connectSdk(served.clientUrl('')).watch('posts').error()
    expect(String((error as { errMsg: unknown }).errMsg)).toContain('must name a user')
  })
})

describe('the limit of records', () => {
  it('refuses a watch of more than 5,000', async () => {
    await db.add(
      'posts',
      Array.from({ length: 5_001 }, (_, i) => ({ _id: `p${i}` })),
    )
    const error = await connectSdk(served.webUrl).watch('posts').error()
    expect(error).toMatchObject({ msgData: { code: 'WATCH_RECORDS_EXCEED_LIMIT' } })
  })

  it('ends a watch that grows beyond it', async () => {
    await db.add(
      'posts',
      Array.from({ length: 5_000 }, (_, i) => ({ _id: `p${i}` })),
    )
    const watched = connectSdk(served.webUrl).watch('posts')
    expect((await watched.snapshot(1)).docs).toHaveLength(5_000)
    await db.add('posts', [{ _id: 'one more' }])
    expect(await watched.error()).toMatchObject({ msgData: { code: 'WATCH_RECORDS_EXCEED_LIMIT' } })
  })
})
