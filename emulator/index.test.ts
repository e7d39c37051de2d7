import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { CallFailed, DataInUse, startEmulator } from './index.ts'
import { SDK, startTestCloud } from './testing/project.ts'

const folders: string[] = []

function dataFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'data-'))
  folders.push(dir)
  return join(dir, 'emulator')
}

afterEach(() => {
  for (const dir of folders.splice(0)) rmSync(dir, { recursive: true, force: true })
})

const KEEP = {
  'database-rules/kept.json': {},
  keep: `${SDK} const kept = cloud.database().collection('kept')
    exports.main = async ({ add }) => add ? kept.add({ data: { add } }) : (await kept.get()).data.map(({ add }) => add)`,
}

describe('the local cloud', () => {
  it('finds its data again after a stop', async () => {
    const data = dataFolder()
    {
      await using cloud = await startTestCloud(KEEP, { data })
      await cloud.call('keep', { add: 'a' }, 'newcomer')
    }
    await using cloud = await startTestCloud(KEEP, { data })
    expect(await cloud.call('keep', {}, 'buyer1')).toEqual(['a'])
    expect(cloud.users.list().map(({ name }) => name)).toContain('newcomer')
  })

  it.each(['real', 'manual'] as const)('goes on at the time to which a %s clock was moved', async (clock) => {
    const data = dataFolder()
    const inTenDaysMs = Date.now() + 864_000_000
    {
      await using cloud = await startTestCloud({}, { data, clock })
      await cloud.clock.set(inTenDaysMs)
    }
    await using cloud = await startTestCloud({}, { data, clock })
    expect(cloud.clock.nowMs() - inTenDaysMs).toBeGreaterThanOrEqual(0)
    expect(cloud.clock.nowMs() - inTenDaysMs).toBeLessThan(clock === 'real' ? 3_600_000 : 1)
  })

  it('keeps a second one out of its data folder, and names who holds it', async () => {
    const data = dataFolder()
    await using cloud = await startTestCloud({}, { data })
    const second = startEmulator({ project: cloud.dir, data })
    await expect(second).rejects.toThrow(DataInUse)
    await expect(second).rejects.toThrow(`process ${process.pid} at ${cloud.url}`)
  })

  it.each([
    ['was killed', () => ({ pid: spawnSync(process.execPath, ['--version']).pid })],
    [
      'was killed, and whose number another program has now',
      () => ({ pid: process.pid, url: 'http://127.0.0.1:9' }),
    ],
    ['was killed while it wrote the lock', () => undefined],
  ])('takes over the data folder of one that %s', async (_, holder) => {
    const data = dataFolder()
    mkdirSync(data, { recursive: true })
    writeFileSync(join(data, 'lock.json'), JSON.stringify(holder()) ?? '{"pid":')
    await using cloud = await startTestCloud({}, { data })
    expect(JSON.parse(readFileSync(join(data, 'lock.json'), 'utf8'))).toEqual({
      pid: process.pid,
      url: cloud.url,
    })
  })

  it('lets go of the data folder when it could not start', async () => {
    const data = dataFolder()
    await using other = await startTestCloud({})
    await expect(startEmulator({ project: other.dir, data, port: other.port })).rejects.toThrow('EADDRINUSE')
    await using cloud = await startTestCloud({}, { data })
    expect(cloud.url).not.toBe(other.url)
  })

  it('starts without a project, and says which functions are missing', async () => {
    await using cloud = await startTestCloud({})
    expect(cloud.functions()).toEqual([])
    const call = cloud.call('nothing', {}, 'buyer1')
    await expect(call).rejects.toThrow(CallFailed)
    await expect(call).rejects.toMatchObject({ errCode: -501000 })
  })

  it('creates the collections of the project with their indexes, again at each start', async () => {
    const data = dataFolder()
    const rules = {
      'database-rules/a.json': { indexes: [{ name: 'by_x', fields: [{ path: 'x', direction: -1 }] }] },
    }
    for (let start = 0; start < 2; start++) {
      await using cloud = await startTestCloud(rules, { data })
      const [collection] = cloud.database.collections()
      expect(collection?.name).toBe('a')
      expect(collection?.indexes.map(({ name }) => name)).toContain('by_x')
    }
  })

  it('answers what is under way when it stops, and takes no more', async () => {
    await using cloud = await startTestCloud({ wait: 'exports.main = () => new Promise(() => {})' })
    const call = cloud.call('wait', {}, 'buyer1')
    const settled = expect(call).rejects.toMatchObject({ errCode: -504002 })
    await expect.poll(() => cloud.log.recent((line) => line.message.startsWith('START')).length).toBe(1)
    await cloud.stop()
    await settled
    await expect(cloud.call('wait', {}, 'buyer1')).rejects.toMatchObject({ errCode: -501001 })
  })
})
