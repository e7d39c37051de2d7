import { describe, expect, it } from 'vitest'
import { LOCAL_APPID, openidOf } from './core/identity.ts'
import { SDK, startTestCloud } from './testing/project.ts'

const failed = (errCode: number, message: string) => ({
  errCode,
  errMsg: expect.stringMatching(new RegExp(`^cloud\\.callFunction:fail .*${message}`, 's')),
})

describe('a function', () => {
  it('gets its event with the caller in it, and the caller gets what it returns', async () => {
    await using cloud = await startTestCloud({ echo: 'exports.main = async (event) => event' })
    const { status, body } = await cloud.post('echo', { a: [1, '二'], userInfo: { openId: 'forged' } })
    expect(status).toBe(200)
    expect(body).toEqual({
      result: { a: [1, '二'], userInfo: { appId: LOCAL_APPID, openId: openidOf(LOCAL_APPID, 'buyer1') } },
      requestID: expect.any(String),
      errMsg: 'cloud.callFunction:ok',
    })
  })

  it('knows the user by getWXContext, and the environment', async () => {
    await using cloud = await startTestCloud({
      who: `${SDK} exports.main = async () => cloud.getWXContext()`,
    })
    expect((await cloud.post('who', {}, 'buyer2')).body.result).toEqual({
      OPENID: openidOf(LOCAL_APPID, 'buyer2'),
      APPID: LOCAL_APPID,
      CLIENTIP: '127.0.0.1',
      ENV: 'local',
      SOURCE: 'wx_client',
    })
  })

  it('gets a context that the SDK can parse', async () => {
    await using cloud = await startTestCloud({ context: 'exports.main = async (_, context) => context' })
    const context = await cloud.call('context', {}, 'buyer1')
    expect(context).toMatchObject({
      function_name: 'context',
      memory_limit_in_mb: 256,
      time_limit_in_ms: 3_000,
      namespace: 'local',
      request_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    })
    const environment: unknown = JSON.parse(String(Reflect.get(Object(context), 'environment')))
    expect(environment).toMatchObject({ WX_OPENID: openidOf(LOCAL_APPID, 'buyer1'), TCB_SOURCE: 'wx_client' })
    expect(environment).not.toHaveProperty('WX_API_TOKEN')
  })

  it('is not called with an event that is nested without end', async () => {
    await using cloud = await startTestCloud({ echo: 'exports.main = async () => 1' })
    const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`
    expect((await cloud.post('echo', nested(50_000))).body).toMatchObject(
      failed(-504001, 'nested too deeply'),
    )
    expect((await cloud.post('echo', nested(1_000))).body).toMatchObject({ result: 1 })
  })

  it('calls another, which learns the way but not the user', async () => {
    await using cloud = await startTestCloud({
      outer: `${SDK} exports.main = async () => (await cloud.callFunction({ name: 'inner', data: { n: 1 } })).result`,
      inner: `${SDK} exports.main = async (event) => ({ event, wx: cloud.getWXContext() })`,
    })
    expect((await cloud.post('outer', {})).body.result).toEqual({
      event: { n: 1, userInfo: { appId: LOCAL_APPID } },
      wx: { APPID: LOCAL_APPID, CLIENTIP: '127.0.0.1', ENV: 'local', SOURCE: 'wx_client,scf' },
    })
    expect(cloud.cost.totals()).toMatchObject({ total: 2, byFunction: { outer: { functions: 1 } } })
  })

  it('never sees the user of another call, in 50 calls at once', async () => {
    await using cloud = await startTestCloud({
      who: `${SDK} exports.main = async ({ pauseMs }) => {
        const before = cloud.getWXContext().OPENID
        await new Promise((resolve) => setTimeout(resolve, pauseMs))
        return [before, cloud.getWXContext().OPENID]
      }`,
    })
    const users = Array.from({ length: 50 }, (_, index) => `user${index}`)
    const seen = await Promise.all(
      users.map((user, index) => cloud.call('who', { pauseMs: index % 7 }, user)),
    )
    expect(seen).toEqual(users.map((user) => [openidOf(LOCAL_APPID, user), openidOf(LOCAL_APPID, user)]))
  })

  it('leaves no identity behind for the timer that comes next', async () => {
    await using cloud = await startTestCloud({
      who: `${SDK} exports.main = async () => [cloud.getWXContext(), process.env.TRIGGER_SRC]`,
      'cloudfunctions/who/config.json': {
        triggers: [{ name: 'tick', type: 'timer', config: '0 0 0 * * * *' }],
      },
    })
    await cloud.call('who', {}, 'buyer1')
    const fired = await cloud.timers.fire('who')
    expect(fired).toMatchObject({ ok: true, value: [{ SOURCE: 'wx_trigger' }, 'timer'] })
    expect(JSON.stringify(fired)).not.toContain('OPENID')
    expect(await cloud.call('who', {}, 'buyer1')).toEqual([
      expect.objectContaining({ SOURCE: 'wx_client' }),
      null,
    ])
  })

  it('keeps what it put into globals while its instance is warm', async () => {
    await using cloud = await startTestCloud({ count: 'let n = 0; exports.main = async () => ++n' })
    expect(await cloud.call('count', {}, 'buyer1')).toBe(1)
    expect(await cloud.call('count', {}, 'buyer2')).toBe(2)
  })

  it('runs its new code at the first call after a change, of the main file or of another', async () => {
    await using cloud = await startTestCloud({ version: 'exports.main = async () => 1' })
    expect(await cloud.call('version', {}, 'buyer1')).toBe(1)
    cloud.write('version', 'exports.main = async () => require("./two.js")')
    cloud.write('cloudfunctions/version/two.js', 'module.exports = 2')
    expect(await cloud.call('version', {}, 'buyer1')).toBe(2)
  })

  it('is found when it was written after the start', async () => {
    await using cloud = await startTestCloud({})
    expect((await cloud.post('late', {})).body).toMatchObject(
      failed(-501000, 'FunctionName parameter could not be found'),
    )
    cloud.write('late', 'exports.main = () => "here"')
    expect(await cloud.call('late', {}, 'buyer1')).toBe('here')
  })

  it('may give its result to a callback, and may be an ES module', async () => {
    await using cloud = await startTestCloud({
      callback: 'exports.main = (event, context, done) => { setTimeout(() => done(null, event.a), 1) }',
      esm: 'export const main = async () => "esm"',
      'cloudfunctions/esm/package.json': { type: 'module' },
    })
    expect(await cloud.call('callback', { a: 7 }, 'buyer1')).toBe(7)
    expect(await cloud.call('esm', {}, 'buyer1')).toBe('esm')
  })

  it('gets its limits and variables from cloudbaserc.json', async () => {
    await using cloud = await startTestCloud({
      'cloudbaserc.json': {
        functions: [
          {
            name: 'settings',
            timeout: 1,
            memorySize: 128,
            envVariables: { LEVEL: '{{env.LEVEL}}', TCB_ENV: 'forged' },
          },
        ],
      },
      '.env': 'LEVEL=high',
      settings:
        'exports.main = async (_, c) => [process.env.LEVEL, process.env.TCB_ENV, c.memory_limit_in_mb, c.time_limit_in_ms]',
    })
    expect(await cloud.call('settings', {}, 'buyer1')).toEqual(['high', 'local', 128, 1_000])
  })

  it('sees the clock of the cloud in Date, and real time in timeouts', async () => {
    const clockStartMs = Date.parse('2030-05-05T05:05:05Z')
    await using cloud = await startTestCloud(
      {
        when: `exports.main = async () => {
          await new Promise((resolve) => setTimeout(resolve, 1))
          return [Date.now(), new Date().getTime(), new Date(5).getTime(), new Date() instanceof Date, Date().slice(0, 15)]
        }`,
      },
      { clock: 'manual', clockStartMs },
    )
    const at = (ms: number) => [ms, ms, 5, true, new Date(ms).toString().slice(0, 15)]
    expect(await cloud.call('when', {}, 'buyer1')).toEqual(at(clockStartMs))
    await cloud.clock.advance(86_400_000)
    expect(await cloud.call('when', {}, 'buyer1')).toEqual(at(clockStartMs + 86_400_000))
  })

  it('has its lines and its frame in the log, also those of cloud.logger()', async () => {
    await using cloud = await startTestCloud({
      talk: `${SDK} exports.main = async () => { console.warn('careful', { a: 1 }); cloud.logger().info({ order: 'o1' }) }`,
    })
    const { body } = await cloud.post('talk', {})
    const lines = cloud.log.recent((line) => line.fields?.requestId === body.requestID).reverse()
    expect(lines.map(({ level, message }) => [level, message])).toEqual([
      ['debug', `START RequestId: ${body.requestID}`],
      ['warn', 'careful { a: 1 }'],
      ['info', expect.stringContaining('o1')],
      ['debug', `END RequestId: ${body.requestID}`],
      ['debug', expect.stringMatching(/^Report RequestId: .* Duration:\d+ms Memory:256MB/)],
    ])
    expect(lines[2]?.fields).toMatchObject({ function: 'talk', order: 'o1' })
  })
})

const BAD = `
const big = []
exports.main = async ({ how }) => {
  switch (how) {
    case 'throw': throw new TypeError('broken on purpose')
    case 'throw-object': throw { code: 7 }
    case 'loop': for (;;) {}
    case 'sleep': return new Promise(() => {})
    case 'exit': process.exit(3)
    case 'kill': process.kill(process.pid, 'SIGTERM'); return new Promise(() => {})
    case 'reject-later': setTimeout(() => { Promise.reject(new Error('nobody caught this')) }, 1); return new Promise(() => {})
    case 'bigint': return 1n
    case 'circular': { const a = {}; a.a = a; return a }
    case '2mb': return 'x'.repeat(2 * 1024 * 1024)
    case '7mb': return 'x'.repeat(7 * 1024 * 1024)
    case 'memory': for (;;) big.push(new Array(1e5).fill({}).map(() => ({})))
    case 'nothing': return undefined
    default: return how
  }
}`

describe('a function that misbehaves ends in the error of the platform, and the next call works', () => {
  it.each([
    ['throw', -504002, 'TypeError: broken on purpose'],
    ['throw-object', -504002, '{"code":7}'],
    ['loop', -504003, 'Invoking task timed out after 1 seconds'],
    ['sleep', -504003, 'Invoking task timed out after 1 seconds'],
    ['exit', -504002, 'exited with code 3'],
    ['kill', -504002, 'exited with code 1'],
    ['reject-later', -504002, 'nobody caught this'],
    ['bigint', -504002, 'BigInt'],
    ['circular', -504002, 'circular'],
    ['2mb', -604001, 'result size exceed limit \\(1MB\\)'],
    ['7mb', -504002, 'exceeds the limit'],
    ['memory', -504002, 'out of memory'],
  ])('%s', async (how, errCode, message) => {
    await using cloud = await startTestCloud({
      bad: BAD,
      'cloudbaserc.json': {
        functions: [
          { name: 'bad', timeout: how === 'memory' ? 20 : 1, memorySize: how === 'memory' ? 64 : 256 },
        ],
      },
    })
    expect((await cloud.post('bad', { how })).body).toMatchObject(failed(errCode, message))
    expect((await cloud.post('bad', { how: 'well' })).body).toMatchObject({ result: 'well' })
  })

  it.each([
    ['a syntax error', 'exports.main = async () => {', 'SyntaxError: Unexpected end of input .*index.js:1'],
    [
      'a missing package',
      'require("left-out-package")',
      'function bad needs left-out-package, run `cd .*cloudfunctions/bad && npm init -y && npm install left-out-package`',
    ],
    ['an error while loading', 'throw new Error("no settings")', 'Error: no settings'],
    ['no handler', 'exports.other = 1', 'does not export main'],
  ])('%s', async (_, source, message) => {
    await using cloud = await startTestCloud({ bad: source })
    expect((await cloud.post('bad', {})).body).toMatchObject(failed(-504002, message))
    cloud.write('bad', 'exports.main = () => "mended"')
    expect((await cloud.post('bad', {})).body).toMatchObject({ result: 'mended' })
  })

  it('a folder without a main file', async () => {
    await using cloud = await startTestCloud({ 'cloudfunctions/empty/config.json': {} })
    expect((await cloud.post('empty', {})).body).toMatchObject(failed(-504002, 'npm run build'))
  })

  it.each([
    ['{"triggers":[{"name":"1st","config":"0 * * * * * *"}]}', 'begins with a letter'],
    ['{"triggers":[{"name":"a","config":"x"},{"name":"b","config":"x"}]}', 'one trigger at most'],
    ['{"triggers":', 'JSON'],
  ])('a config.json %s, which is told once, with its file', async (config, message) => {
    await using cloud = await startTestCloud({
      bad: 'exports.main = () => 1',
      'cloudfunctions/bad/config.json': config,
    })
    expect((await cloud.post('bad', {})).body).toMatchObject(failed(-504002, message))
    cloud.timers.refresh()
    const told = cloud.log.recent((line) => line.level === 'error' && line.fields?.requestId === undefined)
    expect(told.map((line) => line.message)).toEqual([
      expect.stringContaining('cloudfunctions/bad/config.json'),
    ])
  })

  it('a code that takes for ever to load', async () => {
    await using cloud = await startTestCloud({
      bad: 'for (;;) {}',
      'cloudbaserc.json': { functions: [{ name: 'bad', initTimeout: 0.2 }] },
    })
    expect((await cloud.post('bad', {})).body).toMatchObject(failed(-504002, 'longer than 0.2 seconds'))
  })

  it('and a result of 2 MB is fine for another function', async () => {
    await using cloud = await startTestCloud({
      bad: BAD,
      outer: `${SDK} exports.main = async () => (await cloud.callFunction({ name: 'bad', data: { how: '2mb' } })).result.length`,
    })
    expect(await cloud.call('outer', {}, 'buyer1')).toBe(2 * 1024 * 1024)
  })

  it('and the calling function sees code and message', async () => {
    await using cloud = await startTestCloud({
      bad: BAD,
      outer: `${SDK} exports.main = async ({ name, how }) => cloud.callFunction({ name, data: { how } })
        .catch((error) => ({ code: error.code, errCode: error.errCode, errMsg: error.errMsg }))`,
    })
    expect(await cloud.call('outer', { name: 'bad', how: 'throw' }, 'buyer1')).toEqual({
      code: 'FUNCTIONS_EXECUTE_FAIL',
      errCode: -1,
      errMsg: 'callFunction:fail TypeError: broken on purpose',
    })
    expect(await cloud.call('outer', { name: 'absent' }, 'buyer1')).toMatchObject({
      code: 'FUNCTION_NOT_FOUND',
    })
  })
})
