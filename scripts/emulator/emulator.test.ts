import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'

const runner = fileURLToPath(new URL('../run.mjs', import.meta.url))
const program = (name: string) => fileURLToPath(new URL(`../${name}.ts`, import.meta.url))
const cleanUps: (() => void)[] = []

afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp()
})

function project(files: Record<string, string>): string {
  const dir = mkdtempSync(join(tmpdir(), 'cli-'))
  cleanUps.push(() => rmSync(dir, { recursive: true, force: true }))
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true })
    writeFileSync(join(dir, name), content)
  }
  return dir
}

function run(name: 'emulator' | 'call', args: string[]): Running {
  return watched(spawn(process.execPath, [runner, program(name), ...args]))
}

function watched(child: ChildProcessWithoutNullStreams): Running {
  cleanUps.push(() => child.kill('SIGKILL'))
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  child.stderr.on('data', (chunk) => {
    err += chunk
  })
  const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, out, err })))
  return {
    child,
    ended,
    ready: () =>
      new Promise((resolve, reject) => {
        child.stdout.on('data', () => {
          const line = out.split('\n').find((one) => one.startsWith('{"status":"ready"'))
          if (line) resolve(JSON.parse(line))
        })
        ended.then(() => reject(new Error(`ended before it was ready: ${err}`)), reject)
      }),
  }
}

interface Ended {
  code: number | null
  out: string
  err: string
}
interface Running {
  child: ChildProcess
  ended: Promise<Ended>
  ready(): Promise<{ url: string }>
}

const ECHO = {
  'cloudfunctions/echo/index.js':
    'exports.main = async ({ $url, data, plain }) => ({ code: plain ? 40 : 0, $url, data })',
}

describe('npm run emulator', () => {
  it('tells where it is, is called by npm run call, and stops at once on a signal', async () => {
    const dir = project(ECHO)
    const cloud = run('emulator', ['--project', dir, '--port', '0', '--json'])
    const { url } = await cloud.ready()
    const call = await run('call', ['echo/list/all', '{"a":1}', '--as', 'buyer2', '--url', url]).ended
    expect(JSON.parse(call.out)).toMatchObject({ result: { $url: 'list/all', data: { a: 1 } } })
    expect(call.code).toBe(0)
    expect((await run('call', ['echo', '{"plain":true}', '--url', url]).ended).code).toBe(1)
    expect((await run('call', ['absent', '--url', url]).ended).code).toBe(1)
    cloud.child.kill('SIGTERM')
    expect(await cloud.ended).toMatchObject({ code: 0, err: '' })
  })

  it('seeds a new data folder once, and an unfinished seed again', async () => {
    const dir = project({
      ...ECHO,
      'seed.mjs': `import { appendFileSync } from 'node:fs'
        export async function seed(cloud) {
          const { data } = await cloud.call('echo', { data: 'seeded' }, 'admin')
          appendFileSync(new URL('./seeds.txt', import.meta.url), data + '\\n')
          console.log('SEEDED')
          if (process.env.SEED_FAILS) throw new Error('half a seed')
        }`,
    })
    const args = ['--project', dir, '--port', '0', '--json', '--seed', join(dir, 'seed.mjs')]
    process.env.SEED_FAILS = '1'
    const failed = run('emulator', args)
    delete process.env.SEED_FAILS
    expect(await failed.ended).toMatchObject({ code: 1, err: expect.stringContaining('half a seed') })
    for (const isSeeded of [true, false]) {
      const cloud = run('emulator', args)
      await cloud.ready()
      cloud.child.kill('SIGINT')
      expect((await cloud.ended).out.includes('SEEDED')).toBe(isSeeded)
    }
  })

  it('says where it looked when a seed calls functions that are not there', async () => {
    const dir = project({ 'seed.mjs': `export const seed = (cloud) => cloud.call('echo', {}, 'admin')` })
    const args = ['--project', dir, '--memory', '--port', '0', '--seed', join(dir, 'seed.mjs')]
    const { code, err } = await run('emulator', args).ended
    expect({ code, err }).toEqual({
      code: 1,
      err: expect.stringContaining(`No functions in ${join(dir, 'cloudfunctions')}`),
    })
    expect(err).not.toContain('    at ')
  })

  it('runs a command with a cloud of its own and gives back the exit code', async () => {
    const dir = project(ECHO)
    const script = `fetch(process.env.CLOUD_URL + '/control/health').then((r) => r.json()).then((h) => {
      const admin = JSON.parse(process.env.TCB_CONTEXT_CNFG).URL
      process.exit(h.status === 'ready' && admin === h.url + '/admin' && h.data === null ? 42 : 1)
    })`
    const { code } = await run('emulator', ['exec', '--project', dir, '--', process.execPath, '-e', script])
      .ended
    expect(code).toBe(42)
    expect((await run('emulator', ['exec', '--project', dir, '--', 'no-such-command']).ended).code).toBe(127)
  })

  it('says what to do when the port is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    cleanUps.push(() => server.close())
    await new Promise((resolve) => server.once('listening', resolve))
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const { code, err } = await run('emulator', [
      '--project',
      project({}),
      '--memory',
      '--port',
      String(port),
    ]).ended
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('choose another with --port') })
  })

  it.each([
    [['--clock', 'fast'], 2, 'clock'],
    [['--unknown'], 2, 'unknown'],
    [['--port', 'abc'], 2, 'whole number'],
    [['--port', '65536'], 2, 'whole number'],
    [['--functions', 'no/such/folder'], 1, 'no such functions folder'],
    [['--data', runner], 1, runner],
    [['exec'], 1, 'which command'],
    [['--memory', '--seed', 'absent.ts', '--port', '0'], 1, 'no such seed'],
  ])('refuses %j with a word about it', async (args, code, word) => {
    const ended = await run('emulator', ['--project', project({}), ...args]).ended
    expect(ended).toMatchObject({ code, err: expect.stringContaining(word) })
    expect(ended.err).not.toContain('    at ')
  })

  it('ended with the words of a database when the disk was full', async () => {
    const dir = project({
      'database-rules/c.json': '{}',
      'cloudfunctions/fill/index.js': `const cloud = require('wx-server-sdk')
        cloud.init()
        exports.main = async () => {
          for (;;) await cloud.database().collection('c').add({ data: { text: 'x'.repeat(100000) } })
        }`,
    })
    // No file may grow beyond some megabytes: the system's answer is nearly that of a full disk.
    const args = [process.execPath, runner, program('emulator'), '--project', dir, '--port', '0', '--json']
    const cloud = watched(spawn('sh', ['-c', 'ulimit -f 8000; exec "$@"', 'sh', ...args]))
    const { url } = await cloud.ready()
    const headers = { 'x-emulator-user': 'buyer1' }
    await fetch(`${url}/client/functions/fill`, { method: 'POST', headers, body: '{}' }).catch(() => {})
    const { code, err } = await cloud.ended
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('Is the disk full?') })
  })

  it('is missed by npm run call in plain words', async () => {
    const { code, err } = await run('call', ['echo', '{}', '--url', 'http://127.0.0.1:9']).ended
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('not running') })
    expect((await run('call', ['echo', '{a:1}']).ended).err).toContain('not JSON')
  })
})
