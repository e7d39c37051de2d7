import { createRequire } from 'node:module'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { SDK, startTestCloud, type TestCloud } from '../testing/project.ts'

const ECHO = 'exports.main = async (event) => event'
const GIVE = 'exports.main = async ({ body }) => JSON.parse(body).give'

async function give(cloud: TestCloud, value: unknown): Promise<Response> {
  const headers = { 'content-type': 'application/json' }
  return fetch(`${cloud.url}/http/give`, { method: 'POST', headers, body: JSON.stringify({ give: value }) })
}

describe('an event function behind HTTP', () => {
  it('gets the request as an event', async () => {
    await using cloud = await startTestCloud({ echo: ECHO })
    const answer = await fetch(`${cloud.url}/http/echo/a%20b/c?x=1&y=2&x=3`, {
      method: 'PATCH',
      headers: { 'Content-Type': 'application/json', 'X-Own': 'yes', 'x-wx-openid': 'forged' },
      body: '{"字":1}',
    })
    const event = Object(await answer.json())
    expect(event).toMatchObject({
      path: '/a%20b/c',
      httpMethod: 'PATCH',
      headers: { 'content-type': 'application/json', 'x-own': 'yes' },
      queryStringParameters: { x: '3', y: '2' },
      requestContext: { envId: 'local', requestId: expect.any(String) },
      body: '{"字":1}',
      isBase64Encoded: false,
    })
    expect(event.headers).not.toHaveProperty('x-wx-openid')
    expect(event).not.toHaveProperty('userInfo')
  })

  it.each(['HEAD', 'OPTIONS', 'DELETE', 'PUT'])('of any method is run: %s', async (method) => {
    await using cloud = await startTestCloud({
      method:
        'exports.main = async ({ httpMethod }) => ({ statusCode: 200, headers: { "x-method": httpMethod }, body: "b" })',
    })
    const answer = await fetch(`${cloud.url}/http/method`, { method })
    expect(answer.headers.get('x-method')).toBe(method)
    expect(await answer.text()).toBe(method === 'HEAD' ? '' : 'b')
  })

  it('leaves the question of a browser to the cloud, which knows its pages', async () => {
    await using cloud = await startTestCloud({ echo: ECHO })
    const headers = { origin: 'http://localhost:1234', 'access-control-request-method': 'PATCH' }
    const answer = await fetch(`${cloud.url}/http/echo`, { method: 'OPTIONS', headers })
    expect([answer.status, cloud.cost.totals().total]).toEqual([204, 0])
  })

  it.each([
    ['application/octet-stream', true],
    ['image/png', true],
    ['application/x-www-form-urlencoded', true],
    ['text/plain; charset=utf-8', false],
    ['application/problem+json', false],
  ])('gets a body of %s as base64: %s', async (type, isBase64Encoded) => {
    await using cloud = await startTestCloud({ echo: ECHO })
    const headers = { 'content-type': type }
    const answer = await fetch(`${cloud.url}/http/echo`, { method: 'POST', headers, body: 'a=1&b' })
    const body = isBase64Encoded ? Buffer.from('a=1&b').toString('base64') : 'a=1&b'
    expect(await answer.json()).toMatchObject({ path: '/', body, isBase64Encoded })
  })

  it('gets and gives any bytes unchanged', async () => {
    await using cloud = await startTestCloud({
      mirror: 'exports.main = async ({ body }) => ({ statusCode: 200, body, isBase64Encoded: true })',
    })
    const headers = { 'content-type': 'application/octet-stream' }
    for (const body of fc.sample(fc.uint8Array({ minLength: 1, maxLength: 300 }), { seed: 7, numRuns: 30 })) {
      const answer = await fetch(`${cloud.url}/http/mirror/x`, { method: 'POST', headers, body })
      expect(new Uint8Array(await answer.arrayBuffer())).toEqual(body)
    }
  })

  it('knows no user, and may use the cloud', async () => {
    await using cloud = await startTestCloud({
      'database-rules/c.json': {},
      who: `${SDK} exports.main = async () => {
        await cloud.database().collection('c').add({ data: { a: 1 } })
        return [cloud.getWXContext(), (await cloud.database().collection('c').count()).total] }`,
    })
    const answer = await fetch(`${cloud.url}/http/who`)
    expect(await answer.json()).toEqual([{ ENV: 'local' }, 1])
    expect(cloud.cost.totals().byFunction.who).toMatchObject({ runs: 1, database: 2 })
  })

  it.each([
    ['hello', 'text/plain; charset=utf-8', 'hello'],
    [42, 'text/plain; charset=utf-8', '42'],
    [undefined, 'text/plain; charset=utf-8', ''],
    [{ a: 1 }, 'application/json; charset=utf-8', '{"a":1}'],
    [[1], 'application/json; charset=utf-8', '[1]'],
  ])('answers %j as %s', async (value, type, text) => {
    await using cloud = await startTestCloud({ give: GIVE })
    const answer = await give(cloud, value)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe(type)
    expect(await answer.text()).toBe(text)
  })

  it('answers with status, headers, cookies and bytes of its own', async () => {
    await using cloud = await startTestCloud({ give: GIVE })
    const bytes = Buffer.from([0, 255, 1, 254])
    const answer = await give(cloud, {
      statusCode: 201,
      headers: {
        'Content-Type': 'image/png',
        'X-Number': 7,
        'Set-Cookie': ['a=1', 'b=2'],
        'Content-Length': 1,
      },
      body: bytes.toString('base64'),
      isBase64Encoded: true,
    })
    expect(answer.status).toBe(201)
    expect(answer.headers.get('content-type')).toBe('image/png')
    expect(answer.headers.get('x-number')).toBe('7')
    expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(bytes)
  })

  it.each([
    ['a status that is none', { statusCode: 'many' }],
    ['a header that would break the answer', { statusCode: 200, headers: { a: 'b\r\nc: d' } }],
    ['a header without a name', { statusCode: 200, headers: { '': 'b' } }],
  ])('with %s is refused, and the next one is fine', async (_, value) => {
    await using cloud = await startTestCloud({ give: GIVE })
    const answer = await give(cloud, value)
    expect(answer.status).toBe(500)
    expect(await answer.json()).toMatchObject({
      code: 'FUNCTION_INVOCATION_FAILED',
      requestId: expect.any(String),
    })
    expect((await give(cloud, 'well')).status).toBe(200)
  })

  it.each([
    ['absent', 404, 'INVALID_PATH'],
    ['throws', 500, 'FUNCTION_INVOCATION_FAILED'],
    ['sleeps', 504, 'FUNCTION_TIME_LIMIT_EXCEEDED'],
  ])('that %s answers %i %s', async (name, status, code) => {
    await using cloud = await startTestCloud({
      throws: 'exports.main = () => { throw new Error("broken") }',
      sleeps: 'exports.main = () => new Promise(() => {})',
      'cloudbaserc.json': { functions: [{ name: 'sleeps', timeout: 0.1 }] },
    })
    const answer = await fetch(`${cloud.url}/http/${name}`)
    expect([answer.status, Object(await answer.json()).code]).toEqual([status, code])
  })

  it('takes no body over the limit', async () => {
    await using cloud = await startTestCloud({ echo: ECHO }, { limits: { eventBytes: 1_000 } })
    const answer = await fetch(`${cloud.url}/http/echo`, { method: 'POST', body: 'x'.repeat(1_001) })
    expect(answer.status).toBe(413)
    expect(await answer.json()).toMatchObject({ code: 'EXCEED_MAX_PAYLOAD_SIZE' })
  })
})

const SERVER = `
const { createServer } = require('node:http')
createServer((request, response) => {
  if (request.url === '/exit') process.exit(4)
  const chunks = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => {
    response.writeHead(request.url.startsWith('/created') ? 201 : 200, { 'content-type': 'application/json', 'set-cookie': ['a=1', 'b=2'] })
    response.write(JSON.stringify({ pid: process.pid, url: request.url, method: request.method, env: process.env.TCB_ENV }).slice(0, -1))
    response.end(',"openid":' + JSON.stringify(request.headers['x-wx-openid'] ?? null) + ',"body":' + JSON.stringify(Buffer.concat(chunks).toString()) + '}')
  })
}).listen(9000, '0.0.0.0', () => console.log('ready'))`

const WEB = { web: SERVER, 'cloudbaserc.json': { functions: [{ name: 'web', type: 'HTTP' }] } }

describe('an HTTP function', () => {
  it('serves on its port 9000, with the environment of the cloud', async () => {
    await using cloud = await startTestCloud(WEB)
    const answer = await fetch(`${cloud.url}/http/web/created/1?a=b`, {
      method: 'PUT',
      body: 'bytes',
      headers: { 'x-wx-openid': 'forged' },
    })
    expect(answer.status).toBe(201)
    expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
    expect(await answer.json()).toMatchObject({
      url: '/created/1?a=b',
      method: 'PUT',
      body: 'bytes',
      openid: null,
      env: 'local',
    })
    expect(cloud.log.recent((line) => line.message === 'ready')).toHaveLength(1)
  })

  it('called by a mini program knows the user', async () => {
    await using cloud = await startTestCloud(WEB)
    const call = (headers: Record<string, string>) =>
      fetch(`${cloud.url}/client/http-function/web/me`, { headers })
    const answer = await call({ 'x-emulator-user': 'buyer1', 'x-wx-openid': 'forged' })
    const openid = cloud.users.identityOf('buyer1')?.openid
    expect(await answer.json()).toMatchObject({ url: '/me', openid })
    expect((await call({})).status).toBe(400)
    expect(await cloud.post('web', {})).toMatchObject({
      body: { errMsg: expect.stringContaining('HTTP function') },
    })
  })

  it('is refused like any call when a limit or a fault says so', async () => {
    await using cloud = await startTestCloud(WEB)
    const fault = { kind: 'error', code: 'EXCEED_REQUEST_LIMIT' } as const
    cloud.faults.add({ service: 'functions', operation: 'web', effect: fault })
    const answer = await fetch(`${cloud.url}/http/web`)
    expect([answer.status, Object(await answer.json()).code]).toEqual([429, 'EXCEED_RATELIMIT'])
  })

  it('may be started by scf_bootstrap, is started anew when it died or changed, and ends with the cloud', async () => {
    let pid = 0
    {
      await using cloud = await startTestCloud({
        'cloudfunctions/boot/app.js': SERVER,
        'cloudfunctions/boot/scf_bootstrap': '#!/bin/bash\n/var/lang/node20/bin/node app.js\n',
      })
      const get = async (path: string) => fetch(`${cloud.url}/http/boot${path}`)
      const first = Object(await (await get('/')).json())
      expect((await get('/exit')).status).toBe(502)
      const second = Object(await (await get('/')).json())
      expect(second.pid).not.toBe(first.pid)
      cloud.write('cloudfunctions/boot/scf_bootstrap', '#!/bin/sh\nexec node app.js\n')
      const third = Object(await (await get('/')).json())
      expect(third.pid).not.toBe(second.pid)
      pid = third.pid
      expect(() => process.kill(pid, 0)).not.toThrow()
    }
    await expect.poll(() => isAlive(pid)).toBe(false)
  })

  it('that never listens, or ends at once, is a bad gateway with a reason', async () => {
    await using cloud = await startTestCloud({
      quiet: 'setInterval(() => {}, 1000)',
      broken: 'throw new Error("no settings")',
      'cloudbaserc.json': {
        functions: ['quiet', 'broken'].map((name) => ({ name, type: 'HTTP', initTimeout: 0.2 })),
      },
    })
    const get = async (name: string) => Object(await (await fetch(`${cloud.url}/http/${name}`)).json())
    expect(await get('quiet')).toMatchObject({
      code: 'BAD_GATEWAY',
      message: expect.stringContaining('within 0.2'),
    })
    expect(await get('broken')).toMatchObject({ code: 'BAD_GATEWAY' })
  })

  it('speaks WebSocket and streams, and is billed by its time', async () => {
    await using cloud = await startTestCloud({
      live: `
        const { WebSocketServer } = require(${JSON.stringify(createRequire(import.meta.url).resolve('ws'))})
        const server = require('node:http').createServer((request, response) => {
          response.writeHead(200, { 'content-type': 'text/event-stream' })
          response.write('data: 1\\n\\n')
          // Ends only when the client has seen the beginning.
          server.once('seen', () => response.end('data: 2\\n\\n'))
        })
        new WebSocketServer({ server }).on('connection', (socket, request) => {
          socket.on('message', (text) => {
            server.emit('seen')
            socket.send(request.url + ' ' + text + ' ' + request.headers['x-wx-openid'])
          })
        })
        server.listen(9000)`,
      'cloudbaserc.json': { functions: [{ name: 'live', type: 'HTTP' }] },
    })
    const stream = await fetch(`${cloud.url}/http/live/events`)
    const reader = stream.body?.getReader()
    const first = await reader?.read()
    expect(Buffer.from(first?.value ?? []).toString()).toBe('data: 1\n\n')
    const socket = new WebSocket(`${cloud.url.replace('http', 'ws')}/http/live/chat?a=1`, {
      headers: { 'x-wx-openid': 'forged' },
    })
    const [answer] = await new Promise<unknown[]>((resolve, reject) => {
      socket.on('open', () => socket.send('hello'))
      socket.on('message', (...message) => resolve(message))
      socket.on('error', reject)
    })
    expect(String(answer)).toBe('/chat?a=1 hello undefined')
    socket.close()
    const second = await reader?.read()
    expect(Buffer.from(second?.value ?? []).toString()).toBe('data: 2\n\n')
    await expect.poll(() => cloud.cost.totals().byFunction.live?.runs).toBe(2)
    expect(cloud.cost.totals()).toMatchObject({ byOperation: { 'functions.http': 2 } })
    const refused = new WebSocket(`${cloud.url.replace('http', 'ws')}/http/none`)
    const error = await new Promise((resolve) => refused.once('error', resolve))
    expect(String(error)).toContain('404')
  })

  it('has its port 9000 beside others that have theirs', async () => {
    await using cloud = await startTestCloud({
      one: SERVER,
      two: SERVER.replace(".listen(9000, '0.0.0.0'", '.listen({ port: 9000 }'),
      'cloudbaserc.json': { functions: ['one', 'two'].map((name) => ({ name, type: 'HTTP' })) },
    })
    const get = async (name: string) => Object(await (await fetch(`${cloud.url}/http/${name}`)).json()).pid
    const [one, two] = await Promise.all([get('one'), get('two')])
    expect(one).not.toBe(two)
    expect(await get('one')).toBe(one)
  })
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
