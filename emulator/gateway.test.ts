import { request } from 'node:http'
import { describe, expect, it } from 'vitest'
import { LOCAL_APPID, openidOf } from './core/identity.ts'
import { SDK, startTestCloud, type TestCloud } from './testing/project.ts'

const ECHO = { echo: 'exports.main = async (event) => event' }
const NOTES = {
  'database-rules/notes.json': {
    permission: 'ADMINONLY',
    indexes: [{ name: 'by_n', unique: true, fields: [{ path: 'n', direction: 1 }] }],
  },
  notes: `${SDK} const db = cloud.database()
    const notes = db.collection('notes')
    const add = (n) => notes.add({ data: { n, by: process.env.WX_OPENID } })
    exports.main = async ({ n, later, open, set }) => {
      if (open) { const t = await db.startTransaction(); await t.collection('notes').doc(open).update({ data: { n: -1 } }); return 'left open' }
      if (set) return (await notes.doc(set).update({ data: { n: 8 } })).stats.updated
      if (later) { add(later).then(() => add(later + 1)); return 'not awaited' }
      if (n) return add(n).catch(({ errCode }) => ({ errCode }))
      return (await notes.orderBy('n', 'asc').get()).data.map(({ n, by }) => [n, by])
    }`,
}

async function numbers(cloud: TestCloud): Promise<unknown> {
  const rows = await cloud.call('notes', {}, 'buyer1')
  return Array.isArray(rows) ? rows.map(([n]) => n) : rows
}

/** Over plain HTTP, with any header: fetch does not let one choose the Host. */
function raw(cloud: TestCloud, method: string, path: string, headers: Record<string, string>, body = '') {
  return new Promise<{ status: number; body: unknown; headers: Record<string, unknown> }>(
    (resolve, reject) => {
      const sent = request(cloud.url + path, { method, headers }, async (response) => {
        let text = ''
        for await (const chunk of response) text += chunk
        resolve({
          status: response.statusCode ?? 0,
          body: text && JSON.parse(text),
          headers: response.headers,
        })
      })
      sent.on('error', reject)
      sent.end(body)
    },
  )
}

async function admin(cloud: TestCloud, fields: Record<string, unknown>): Promise<unknown> {
  return (await raw(cloud, 'POST', '/admin?env=local&seqId=1', {}, JSON.stringify(fields))).body
}

async function control(cloud: TestCloud, path: string, body?: unknown, method = body ? 'POST' : 'GET') {
  const { status, body: answer } = await raw(
    cloud,
    method,
    `/control/${path}`,
    {},
    body ? JSON.stringify(body) : '',
  )
  return { status, body: Object(answer) }
}

describe('the gateway refuses, with a code,', () => {
  it.each([
    ['a name that leads elsewhere', '/control/health', { host: 'evil.example' }, 403, 'FOREIGN_HOST'],
    ['a page from elsewhere', '/control/health', { origin: 'https://evil.example' }, 403, 'FOREIGN_ORIGIN'],
    ['a page without an origin', '/control/health', { origin: 'null' }, 403, 'FOREIGN_ORIGIN'],
    ['an unknown address', '/nowhere', {}, 404, 'NOT_FOUND'],
    ['an unknown control address', '/control/nowhere', {}, 404, 'NOT_FOUND'],
    ['a wrong method', '/admin', {}, 405, 'METHOD_NOT_ALLOWED'],
  ])('%s', async (_, path, headers, status, code) => {
    await using cloud = await startTestCloud(ECHO)
    expect(await raw(cloud, 'GET', path, headers)).toMatchObject({ status, body: { code } })
  })

  it.each(['http://localhost:5173', 'https://servicewechat.com'])(
    'but not a request from %s',
    async (origin) => {
      await using cloud = await startTestCloud(ECHO)
      expect(await raw(cloud, 'GET', '/control/health', { origin })).toMatchObject({ status: 200 })
    },
  )

  it.each([
    ['no user', '{}', '', 'USER_REQUIRED'],
    ['a user that cannot be one', '{}', '../admin', 'INVALID_USER'],
    ['half a body', '{"a":', 'buyer1', 'INVALID_PARAM'],
    ['a list for a body', '[1]', 'buyer1', 'INVALID_PARAM'],
    ['a text for a body', '"x"', 'buyer1', 'INVALID_PARAM'],
  ])('a call with %s', async (_, body, user, code) => {
    await using cloud = await startTestCloud(ECHO)
    expect(await cloud.post('echo', body, user)).toMatchObject({ status: 400, body: { code } })
  })

  it('a function name that leads out of the folder', async () => {
    await using cloud = await startTestCloud(ECHO)
    expect((await cloud.post('..%2Fcloudfunctions%2Fecho', {})).body).toMatchObject({ errCode: -501000 })
  })

  it('an event beyond 6 MB, and a body beyond all measure', async () => {
    await using cloud = await startTestCloud(ECHO)
    const text = 'x'.repeat(6 * 1024 * 1024)
    expect((await cloud.post('echo', { text })).body).toMatchObject({ errCode: -504001 })
    expect(await cloud.post('echo', { text: text + text })).toMatchObject({
      status: 413,
      body: { code: 'BODY_TOO_LARGE' },
    })
  })
})

describe('a page of this machine', () => {
  it('may call across ports', async () => {
    await using cloud = await startTestCloud(ECHO)
    const origin = 'http://localhost:5173'
    const preflight = { origin, 'access-control-request-headers': 'x-emulator-user' }
    expect(await raw(cloud, 'OPTIONS', '/client/functions/echo', preflight)).toMatchObject({
      status: 204,
      headers: { 'access-control-allow-origin': origin, 'access-control-allow-headers': 'x-emulator-user' },
    })
  })
})

describe('the wire of the server SDKs', () => {
  it('answers an unknown action by its name, with HTTP 200', async () => {
    await using cloud = await startTestCloud({})
    expect(await admin(cloud, { action: 'future.thing' })).toEqual({
      code: 'NOT_EMULATED',
      message: 'not emulated yet: future.thing',
      requestId: expect.any(String),
    })
    expect(await admin(cloud, {})).toMatchObject({ code: 'INVALID_PARAM' })
    expect(await admin(cloud, { action: '__proto__' })).toMatchObject({ code: 'NOT_EMULATED' })
  })

  it('lets a program outside call functions, which then see a function as their caller', async () => {
    await using cloud = await startTestCloud({
      who: `${SDK} exports.main = async () => cloud.getWXContext()`,
    })
    const reply = Object(
      await admin(cloud, { action: 'functions.invokeFunction', function_name: 'who', request_data: '' }),
    )
    expect(JSON.parse(reply.data.response_data)).toMatchObject({ SOURCE: 'scf', APPID: LOCAL_APPID })
  })

  it('works without HTTP around it', async () => {
    await using cloud = await startTestCloud(ECHO)
    const fields = { action: 'functions.invokeFunction', function_name: 'echo', request_data: '{"a":1}' }
    const { body } = await cloud.handleAdmin({ fields, binary: {}, source: '' })
    expect(JSON.parse(String(body)).data.response_data).toContain('"a":1')
  })

  it('brings documents to the database and back, and counts each request for its function', async () => {
    await using cloud = await startTestCloud(NOTES)
    expect(await cloud.call('notes', { n: 2 }, 'buyer1')).toMatchObject({ _id: expect.any(String) })
    expect(await cloud.call('notes', { n: 1 }, 'buyer1')).toMatchObject({ _id: expect.any(String) })
    expect(await cloud.call('notes', { n: 1 }, 'buyer1')).toEqual({ errCode: -502001 })
    expect(await numbers(cloud)).toEqual([1, 2])
    expect(cloud.cost.totals()).toMatchObject({
      byOperation: { 'functions.invokeFunction': 4, 'database.insertDocument': 3, 'database.getDocument': 1 },
      byFunction: { notes: { database: 4 } },
    })
  })

  it('lands writes that a function did not await before the next event, whose user they must not take', async () => {
    await using cloud = await startTestCloud(NOTES)
    expect(await cloud.call('notes', { later: 5 }, 'buyer1')).toBe('not awaited')
    const [first, second] = [5, 6].map((n) => [n, openidOf(LOCAL_APPID, 'buyer1')])
    await expect.poll(() => cloud.call('notes', {}, 'buyer2')).toEqual([first, second])
  })

  it('rolls back a transaction that a function left open', async () => {
    await using cloud = await startTestCloud(NOTES)
    const { _id } = Object(await cloud.call('notes', { n: 7 }, 'buyer1'))
    expect(await cloud.call('notes', { open: _id }, 'buyer1')).toBe('left open')
    expect(await cloud.call('notes', { set: _id }, 'buyer1')).toBe(1)
    expect(await numbers(cloud)).toEqual([8])
  })

  it('carries files and open API calls', async () => {
    await using cloud = await startTestCloud({
      media: `${SDK} exports.main = async () => {
        const { fileID } = await cloud.uploadFile({ cloudPath: 'a/b.txt', fileContent: Buffer.from('hello') })
        const { fileContent } = await cloud.downloadFile({ fileID })
        const check = await cloud.openapi.security.msgSecCheck({ version: 2, scene: 2, openid: cloud.getWXContext().OPENID, content: 'hi' })
          .catch(({ errCode }) => ({ errCode }))
        return [fileContent.toString(), check.errCode]
      }`,
      'cloudfunctions/media/config.json': { permissions: { openapi: ['security.msgSecCheck'] } },
    })
    expect(await cloud.call('media', {}, 'buyer1')).toEqual(['hello', 0])
  })
})

describe('injected faults', () => {
  it('strike the service and operation that they name', async () => {
    await using cloud = await startTestCloud(NOTES)
    cloud.faults.add({
      service: 'database',
      operation: 'database.insertDocument',
      times: 1,
      effect: { kind: 'error', code: 'DATABASE_REQUEST_FAILED' },
    })
    cloud.faults.add({
      service: 'functions',
      operation: 'notes',
      from: 3,
      times: 1,
      effect: { kind: 'error', code: 'SYS_ERR' },
    })
    expect(await cloud.call('notes', { n: 1 }, 'buyer1')).toEqual({ errCode: -502001 })
    expect(await numbers(cloud)).toEqual([])
    expect((await cloud.post('notes', {})).body).toMatchObject({ errCode: -501001 })
    expect((await cloud.post('notes', {})).body).toMatchObject({ result: [] })
  })

  it('lose the reply after the work', async () => {
    await using cloud = await startTestCloud(NOTES)
    cloud.faults.add({ service: 'functions', operation: 'notes', times: 1, effect: { kind: 'reply-lost' } })
    await expect(cloud.post('notes', { n: 1 })).rejects.toThrow()
    expect(await numbers(cloud)).toEqual([1])
  })

  it('crash the instance that asked, after the work', async () => {
    await using cloud = await startTestCloud(NOTES)
    cloud.faults.add({
      service: 'database',
      operation: 'database.insertDocument',
      times: 1,
      effect: { kind: 'crash' },
    })
    expect((await cloud.post('notes', { n: 1 })).body).toMatchObject({
      errCode: -504002,
      errMsg: expect.stringContaining('crash'),
    })
    expect(await numbers(cloud)).toEqual([1])
  })
})

describe('the control API', () => {
  it('describes every route that it has', async () => {
    await using cloud = await startTestCloud({})
    const { body } = await control(cloud, 'openapi.json')
    for (const path of [
      'health',
      'users',
      'clock/advance',
      'faults',
      'timers/fire',
      'payments/pay',
      'messages',
      'snapshot',
      'logs',
      'cost',
    ]) {
      expect(body.paths).toHaveProperty([`/control/${path}`])
    }
  })

  it('is ready, and knows users by name and openid', async () => {
    await using cloud = await startTestCloud(ECHO)
    expect(await control(cloud, 'health')).toMatchObject({
      status: 200,
      body: { status: 'ready', url: cloud.url, functions: ['echo'] },
    })
    await cloud.post('echo', {}, 'somebody')
    const { body } = await control(cloud, 'users')
    expect(body.users.map(({ name }: { name: string }) => name)).toEqual([
      'buyer1',
      'buyer2',
      'author1',
      'manager1',
      'admin',
      'somebody',
    ])
    expect(body.users[0].openid).toBe(openidOf(LOCAL_APPID, 'buyer1'))
  })

  it('moves a manual clock over the timers on its way', async () => {
    await using cloud = await startTestCloud(
      {
        tick: `let seen = []; exports.main = async (event) => event.Type ? void seen.push(event.Time) : seen`,
        'cloudfunctions/tick/config.json': {
          triggers: [{ name: 'every', type: 'timer', config: '0 */10 * * * * *' }],
        },
      },
      { clock: 'manual', clockStartMs: Date.parse('2024-01-01T00:00:00Z') },
    )
    await control(cloud, 'clock/advance', { ms: 25 * 60_000 })
    expect(await cloud.call('tick', {}, 'buyer1')).toEqual(['2024-01-01T00:10:00Z', '2024-01-01T00:20:00Z'])
    expect((await control(cloud, 'timers')).body.timers).toMatchObject([
      { functionName: 'tick', nextMs: Date.parse('2024-01-01T00:30:00Z') },
    ])
    expect(await control(cloud, 'timers/fire', { function: 'tick' })).toMatchObject({
      status: 200,
      body: { outcome: { ok: true } },
    })
    expect(await control(cloud, 'timers/fire', { function: 'none' })).toMatchObject({ status: 404 })
  })

  it('does not move it over more calls of timers than can be waited for, but leaps', async () => {
    await using cloud = await startTestCloud(
      {
        tick: 'exports.main = async () => 1',
        'cloudfunctions/tick/config.json': {
          triggers: [{ name: 'every', type: 'timer', config: '* * * * * * *' }],
        },
      },
      { clock: 'manual', clockStartMs: Date.parse('2024-01-01T00:00:00Z') },
    )
    const years = { ms: 5 * 365 * 86_400_000 }
    const refused = {
      status: 400,
      body: { code: 'TOO_MANY_TICKS', message: expect.stringContaining('"leap": true') },
    }
    expect(await control(cloud, 'clock/advance', years)).toMatchObject(refused)
    expect(await control(cloud, 'clock/set', { epochMs: cloud.clock.nowMs() + years.ms })).toMatchObject(
      refused,
    )
    expect(cloud.clock.nowMs()).toBe(Date.parse('2024-01-01T00:00:00Z'))
    expect(await control(cloud, 'clock/advance', { ...years, leap: true })).toMatchObject({ status: 200 })
  })

  it.each([
    ['clock/advance', { ms: -1 }],
    ['clock/advance', { ms: 'soon' }],
    ['faults', { service: 'database', operation: '*', effect: { kind: 'explode' } }],
    ['users', { name: 'a b' }],
    ['payments/pay', {}],
    ['collections', { name: 'x', indexes: [{ name: 'i', fields: [] }] }],
    ['snapshot/import', { version: 1, database: { collections: 'none' } }],
  ])('refuses a bad body for %s', async (path, body) => {
    await using cloud = await startTestCloud({})
    const answer = await control(cloud, path, body)
    expect([400, 409]).toContain(answer.status)
    expect(answer.body).toEqual({ code: expect.stringMatching(/^[A-Z_]+$/), message: expect.any(String) })
  })

  it('takes a snapshot, empties everything but the project, and brings it back', async () => {
    await using cloud = await startTestCloud(NOTES)
    await cloud.call('notes', { n: 1 }, 'somebody')
    const { body: snapshot } = await control(cloud, 'snapshot')
    expect((await control(cloud, 'snapshot/reset', {})).status).toBe(200)
    expect(await numbers(cloud)).toEqual([])
    expect((await control(cloud, 'snapshot/import', snapshot)).status).toBe(200)
    expect(await numbers(cloud)).toEqual([1])
    expect(cloud.users.list().map(({ name }) => name)).toContain('somebody')
  })

  it('creates collections with indexes, and says which one a query uses', async () => {
    await using cloud = await startTestCloud({})
    const indexes = [{ name: 'by_a', fields: [{ path: 'a', direction: 1 }] }]
    expect((await control(cloud, 'collections', { name: 'things', indexes })).status).toBe(200)
    expect((await control(cloud, 'collections', { name: 'things', indexes })).status).toBe(200)
    const { body } = await control(cloud, 'explain', { collection: 'things', query: { a: { $eq: 1 } } })
    expect(JSON.stringify(body)).toContain('by_a')
  })

  it('finds log lines by function, request and level', async () => {
    await using cloud = await startTestCloud({
      talk: 'exports.main = async () => { console.log("one"); console.error("two") }',
      ...ECHO,
    })
    const { body } = await cloud.post('talk', {})
    await cloud.post('echo', {})
    const messages = async (query: string) =>
      (await control(cloud, `logs?${query}`)).body.lines.map(({ message }: { message: string }) => message)
    expect(await messages('function=talk&level=info')).toEqual(['two', 'one'])
    expect(await messages(`requestId=${body.requestID}&level=error`)).toEqual(['two'])
    expect((await control(cloud, 'logs?limit=none')).status).toBe(400)
  })
})
