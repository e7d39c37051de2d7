import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { SDK, startTestCloud, type TestCloud } from '../testing/project.ts'
import { createTraffic, routeKeyOf, trafficShares } from './traffic.ts'

const folders: string[] = []

function dataFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'data-'))
  folders.push(dir)
  return join(dir, 'emulator')
}

afterEach(() => {
  for (const dir of folders.splice(0)) rmSync(dir, { recursive: true, force: true })
})

const TELL = (text: string) =>
  `const part = require('./part'); exports.main = async (_, context) => [${JSON.stringify(text)}, part, context.function_version]`

const PROJECT = {
  greet: TELL('first'),
  'cloudfunctions/greet/part.js': 'module.exports = "old part"',
  outer: `${SDK} exports.main = async () => (await cloud.callFunction({ name: 'greet' })).result[2]`,
  byNumber: `const tcb = require(${JSON.stringify(createRequire(import.meta.url).resolve('@cloudbase/node-sdk'))})
    const app = tcb.init({ env: tcb.SYMBOL_CURRENT_ENV })
    exports.main = ({ qualifier }) => app.callFunction({ name: 'greet', qualifier }).then(({ result }) => result, ({ code }) => code)`,
}

async function control(cloud: TestCloud, method: string, path: string, body?: unknown) {
  const response = await fetch(`${cloud.url}/control/functions${path}`, {
    method,
    body: body === undefined ? undefined : JSON.stringify(body),
  })
  return { status: response.status, body: Object(await response.json()) }
}

const all = (version: string) => ({ shares: [{ version, percent: 100 }] })

describe('a published version', () => {
  it('keeps its code and its files while the folder goes on, and answers to its number', async () => {
    await using cloud = await startTestCloud(PROJECT)
    expect((await control(cloud, 'POST', '/greet/versions', {})).body).toMatchObject({ version: '1' })
    cloud.write('greet', TELL('second'))
    cloud.write('cloudfunctions/greet/part.js', 'module.exports = "new part"')
    const byNumber = (qualifier?: string) => cloud.call('byNumber', { qualifier }, 'buyer1')
    expect(await byNumber('1')).toEqual(['first', 'old part', '1'])
    expect(await byNumber()).toEqual(['second', 'new part', '$LATEST'])
    expect(await byNumber('$LATEST')).toEqual(['second', 'new part', '$LATEST'])
    for (const qualifier of ['7', '01', '1.0', '../1', 'constructor'])
      expect(await byNumber(qualifier)).toBe('FUNCTION_NOT_FOUND')
    expect(await cloud.post('..%2F..%2Fgreet', {})).toMatchObject({ body: { errCode: -501000 } })
    expect(
      (await control(cloud, 'POST', '/greet/test', { qualifier: '1', user: 'buyer1' })).body,
    ).toMatchObject({
      ok: true,
      value: ['first', 'old part', '1'],
    })
    expect((await control(cloud, 'POST', '/greet/test', { qualifier: '7' })).body).toMatchObject({
      ok: false,
      errCode: -501000,
    })
    expect((await control(cloud, 'POST', '/greet/versions', {})).body).toMatchObject({ version: '2' })
    expect(await byNumber('2')).toEqual(['second', 'new part', '2'])
  })

  it('is there again after a restart, with its share of traffic', async () => {
    const data = dataFolder()
    {
      await using cloud = await startTestCloud(PROJECT, { data })
      await control(cloud, 'POST', '/greet/versions', { description: 'as it was' })
      await control(cloud, 'PUT', '/greet/traffic', all('1'))
    }
    await using cloud = await startTestCloud({ ...PROJECT, greet: TELL('second') }, { data })
    expect(await cloud.call('greet', {}, 'buyer1')).toEqual(['first', 'old part', '1'])
    expect((await control(cloud, 'GET', '/greet')).body).toMatchObject({
      versions: [{ version: '1', description: 'as it was' }],
      traffic: [{ version: '1', percent: 100 }],
    })
  })

  it('that two ask for at once are two', async () => {
    await using cloud = await startTestCloud(PROJECT)
    const published = await Promise.all([1, 2].map(() => control(cloud, 'POST', '/greet/versions', {})))
    expect(published.map(({ body }) => body.version).sort()).toEqual(['1', '2'])
  })
})

describe('shares of traffic', () => {
  it('decide for calls, hold for the calls that follow, and leave HTTP access and timers alone', async () => {
    await using cloud = await startTestCloud(PROJECT)
    await control(cloud, 'POST', '/greet/versions', {})
    await control(cloud, 'PUT', '/greet/traffic', {
      shares: [
        { version: '1', percent: 50 },
        { version: '$LATEST', percent: 50 },
      ],
    })
    const users = Array.from({ length: 12 }, (_, number) => `user${number}`)
    const versions = new Set<unknown>()
    for (const user of users) {
      const [, , version] = Object(await cloud.call('greet', {}, user))
      versions.add(version)
      expect(await cloud.call('greet', {}, user)).toContain(version)
      expect(await cloud.call('outer', {}, user)).toBe(version)
    }
    expect(versions).toEqual(new Set(['1', '$LATEST']))
    const timer = { functionName: 'greet', event: {}, identity: { appid: '' }, source: 'wx_trigger' }
    for (let time = 0; time < 8; time++)
      expect(await cloud.invoke({ ...timer, trigger: 'timer' })).toMatchObject({
        value: ['first', 'old part', '$LATEST'],
      })
    for (let time = 0; time < 8; time++)
      expect(await (await fetch(`${cloud.url}/http/greet`)).json()).toContain('$LATEST')
  })

  it.each([
    ['do not add up', { shares: [{ version: '$LATEST', percent: 99 }] }, 400],
    ['name a version twice', { shares: [1, 2].map(() => ({ version: '$LATEST', percent: 50 })) }, 400],
    ['name none', { shares: [] }, 400],
    ['name one that is not there', all('3'), 404],
  ])('that %s are refused', async (_, body, status) => {
    await using cloud = await startTestCloud(PROJECT)
    expect(await control(cloud, 'PUT', '/greet/traffic', body)).toMatchObject({ status })
    expect((await control(cloud, 'GET', '/greet')).body.traffic).toEqual(all('$LATEST').shares)
  })

  it('come out as asked for over many users, and by chance without a user', () => {
    const traffic = createTraffic(undefined, () => 0.25)
    const shares = trafficShares.parse([
      { version: '1', percent: 20 },
      { version: '2', percent: 80 },
    ])
    traffic.set('f', shares)
    const versions = Array.from({ length: 2_000 }, (_, user) =>
      traffic.versionFor('f', routeKeyOf(`${user}`)),
    )
    const share = versions.filter((version) => version === '1').length / versions.length
    expect(share).toBeGreaterThan(0.16)
    expect(share).toBeLessThan(0.24)
    expect(traffic.versionFor('f', undefined)).toBe('2')
  })
})
