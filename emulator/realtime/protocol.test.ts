import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '../database/test-support/open.ts'
import { connectByHand } from './raw-client.fixture.ts'
import { serveRealtime } from './serve.fixture.ts'

let db: ReturnType<typeof openDatabase>
let served: Awaited<ReturnType<typeof serveRealtime>>

beforeEach(async () => {
  db = openDatabase()
  await db.database.createCollection('posts')
  served = await serveRealtime(db.database)
})

afterEach(async () => {
  await served.stop()
  await db.database.stop()
})

const connect = () => connectByHand(served.webUrl)

describe('login', () => {
  it('answers with the environment', async () => {
    const { login } = await connect()
    expect(await login()).toMatchObject({ msgType: 'LOGIN_RES', msgData: { envId: 'local' } })
  })

  it('refuses what shows no valid token', async () => {
    const { ask } = await connect()
    const answer = await ask('LOGIN', { envId: 'local' }, { exMsgData: null })
    expect(answer).toMatchObject({ msgType: 'LOGIN_RES', msgData: { code: 'CHECK_LOGIN_FAILED' } })
  })

  it('is needed before a watch', async () => {
    const { initWatch } = await connect()
    expect(await initWatch('w')).toMatchObject({
      msgType: 'ERROR',
      watchId: 'w',
      msgData: { code: 'CHECK_LOGIN_FAILED' },
    })
  })

  it('as somebody else ends what was watched before', async () => {
    await served.stop()
    served = await serveRealtime(db.database, {
      clientOfToken: async ({ signStr }) => ({ appid: 'wx', uid: signStr }),
    })
    const { ask, login, initWatch, first } = await connect()
    await login()
    await initWatch('w')
    await ask('LOGIN', {}, { exMsgData: { signStr: 'another' } })
    const ended = await first(({ msgType }) => msgType === 'ERROR')
    expect(ended).toMatchObject({ watchId: 'w', msgData: { code: 'CHECK_LOGIN_FAILED' } })
  })
})

describe('messages', () => {
  it('answers a ping', async () => {
    const { ask } = await connect()
    expect(await ask('PING', null)).toMatchObject({ msgType: 'PONG' })
  })

  it.each([
    ['text that is not JSON', 'hello', 'INVALID_PARAM'],
    ['an array', '[]', 'INVALID_PARAM'],
    ['an unknown type', '{"requestId":"x","msgType":"toString"}', 'INVALID_PARAM'],
    ['a watch of nothing', '{"requestId":"x","msgType":"INIT_WATCH"}', 'INVALID_PARAM'],
    [
      'a limit of text',
      '{"requestId":"x","msgType":"INIT_WATCH","msgData":{"collName":"posts","limit":"5"}}',
      'INVALID_PARAM',
    ],
    [
      'a query that is not JSON',
      '{"requestId":"x","msgType":"INIT_WATCH","msgData":{"collName":"posts","query":"{"}}',
      'INVALID_PARAM',
    ],
    [
      'an unknown operator',
      '{"requestId":"x","msgType":"INIT_WATCH","msgData":{"collName":"posts","query":"{\\"a\\":{\\"$no\\":1}}"}}',
      'DATABASE_REQUEST_FAILED',
    ],
    [
      'a collection that does not exist',
      '{"requestId":"x","msgType":"INIT_WATCH","msgData":{"collName":"none"}}',
      'DATABASE_COLLECTION_NOT_EXIST',
    ],
    [
      'a made-up query id',
      '{"requestId":"x","msgType":"REBUILD_WATCH","msgData":{"queryID":"made up","eventID":1}}',
      'QUERYID_INVALID_ERROR',
    ],
    [
      'a check of an unknown watch',
      '{"requestId":"x","msgType":"CHECK_LAST","msgData":{"queryID":"made up","eventID":1}}',
      'QUERYID_INVALID_ERROR',
    ],
  ])('refuses %s with a code, and goes on', async (_, text, code) => {
    const { socket, login, first, ask } = await connect()
    await login()
    socket.send(text)
    expect(await first(({ msgType }) => msgType === 'ERROR')).toMatchObject({ msgData: { code } })
    expect(await ask('PING', null)).toMatchObject({ msgType: 'PONG' })
  })

  it('ends a connection that sends bytes', async () => {
    const { socket, closed } = await connect()
    socket.send(Buffer.from([1, 2, 3]))
    expect(await closed).toBe(1003)
  })

  it('tells a fault of its own without words from inside', async () => {
    await served.stop()
    served = await serveRealtime(db.database, {
      authorize: async () => {
        throw new Error('/home/me/secret')
      },
    })
    const { login, initWatch } = await connect()
    await login()
    const answer = await initWatch('w')
    expect(answer).toMatchObject({ msgType: 'ERROR', msgData: { code: 'SYS_ERR' } })
    expect(JSON.stringify(answer)).not.toContain('secret')
    expect(JSON.stringify(served.log.recent())).toContain('secret')
  })
})

describe('a watch', () => {
  it('counts its events without a gap', async () => {
    const { login, initWatch, first, received } = await connect()
    await login()
    const { msgData } = await initWatch('w')
    const start = msgData?.currEvent ?? Number.NaN
    for (const _id of ['a', 'b', 'c']) await db.add('posts', [{ _id }])
    await first(({ msgType, msgData: data }) => msgType === 'NEXT_EVENT' && data?.currEvent === start + 3)
    const events = received
      .filter(({ msgType }) => msgType === 'NEXT_EVENT')
      .flatMap(({ msgData: data }) => data?.events ?? [])
    expect(events.map(({ ID, DocID }) => [ID, DocID])).toEqual([
      [start + 1, 'a'],
      [start + 2, 'b'],
      [start + 3, 'c'],
    ])
  })

  it('tells what a change is, in the words that the client reads', async () => {
    await db.add('posts', [{ _id: 'a', n: 1, old: true }])
    const { login, initWatch, first } = await connect()
    await login()
    await initWatch('w')
    await db.update('posts', { _id: 'a' }, { $set: { n: 2 }, $unset: { old: '' } })
    const { watchId, msgData } = await first(({ msgType }) => msgType === 'NEXT_EVENT')
    expect(watchId).toBe('w')
    expect(msgData?.events).toEqual([
      {
        ID: msgData?.currEvent,
        DataType: 'update',
        QueueType: 'update',
        DocID: 'a',
        Doc: '{"_id":"a","n":2}',
        UpdatedFields: '{"n":2}',
        removedFields: '["old"]',
      },
    ])
  })

  it('says which event was last when asked', async () => {
    const { login, initWatch, ask } = await connect()
    await login()
    const { msgData } = await initWatch('w')
    const answer = await ask('CHECK_LAST', { queryID: msgData?.queryID, eventID: 1 }, { watchId: 'w' })
    expect(answer).toMatchObject({
      msgType: 'CHECK_EVENT',
      watchId: 'w',
      msgData: { queryID: msgData?.queryID, currEvent: msgData?.currEvent },
    })
  })

  it('is built anew over the same connection from the event that the client names', async () => {
    const { login, initWatch, ask, first } = await connect()
    await login()
    const { msgData } = await initWatch('w')
    const start = msgData?.currEvent ?? Number.NaN
    for (const _id of ['a', 'b']) await db.add('posts', [{ _id }])
    await first(({ msgData: data }) => data?.currEvent === start + 2)
    const rebuild = { queryID: msgData?.queryID, eventID: start + 1 }
    const answer = await ask('REBUILD_WATCH', rebuild, { watchId: 'w' })
    expect(answer.msgData).toMatchObject({ currEvent: start + 2, events: [{ ID: start + 2, DocID: 'b' }] })
  })

  it('comes back after the local cloud was started anew', async () => {
    const before = await connect()
    await before.login()
    const { msgData } = await before.initWatch('w', {
      query: '{"on":true}',
      orderBy: { n: 'desc' },
      limit: 2,
    })
    await served.stop()
    expect(await before.closed).toBe(1001)
    served = await serveRealtime(db.database)
    await db.add(
      'posts',
      [1, 2, 3].map((n) => ({ _id: `p${n}`, n, on: n > 1 })),
    )
    const { login, ask } = await connect()
    await login()
    const answer = await ask('REBUILD_WATCH', { queryID: msgData?.queryID, eventID: 7 }, { watchId: 'w' })
    expect(answer.msgData).toMatchObject({
      currEvent: 8,
      events: [
        { ID: 8, QueueType: 'init', DocID: 'p3' },
        { ID: 8, QueueType: 'init', DocID: 'p2' },
      ],
    })
  })

  it('takes the query that the server SDK has put into JSON twice', async () => {
    await db.add('posts', [{ _id: 'a' }, { _id: 'b' }])
    const { login, initWatch } = await connect()
    await login()
    const { msgData } = await initWatch('w', { query: JSON.stringify('{"_id":"b"}') })
    expect(msgData?.events).toMatchObject([{ DocID: 'b' }])
  })

  it('says nothing more after it was closed', async () => {
    const { login, initWatch, socket, first, received } = await connect()
    await login()
    await initWatch('w1')
    await initWatch('w2')
    socket.send(JSON.stringify({ watchId: 'w1', requestId: 'x', msgType: 'CLOSE_WATCH', msgData: null }))
    await (await connect()).ask('PING', null)
    await db.add('posts', [{ _id: 'a' }])
    await first(({ msgType, watchId }) => msgType === 'NEXT_EVENT' && watchId === 'w2')
    expect(received.filter(({ msgType, watchId }) => msgType === 'NEXT_EVENT' && watchId === 'w1')).toEqual(
      [],
    )
  })
})

describe('a client that is too slow', () => {
  it('is sent away once what waits for it is full, and finds the whole result when it comes back', async () => {
    await served.stop()
    served = await serveRealtime(db.database, {
      bounds: { maxWaitingBytes: 100_000, log: { maxEntries: 5, maxBytes: 10_000_000 } },
    })
    const slow = await connect()
    await slow.login()
    const { msgData } = await slow.initWatch('w')
    slow.socket.pause()
    const text = 'x'.repeat(400_000)
    for (let i = 0; i < 40; i++) await db.set('posts', 'a', { i, text })
    slow.socket.resume()
    expect(await slow.closed).toBe(1013)
    const last = slow.received[slow.received.length - 1]
    expect(slow.received.length).toBeLessThan(40)
    const again = await connect()
    await again.login()
    const rebuild = { queryID: msgData?.queryID, eventID: last?.msgData?.currEvent }
    const { msgData: data } = await again.ask('REBUILD_WATCH', rebuild, { watchId: 'w' })
    expect(JSON.parse(String(data?.events?.at(-1)?.Doc))).toMatchObject({ i: 39 })
  })
})
