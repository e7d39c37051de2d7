import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { SDK, startTestCloud, type TestCloud } from '../testing/project.ts'

const folders: string[] = []

function dataFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'data-'))
  folders.push(dir)
  return join(dir, 'emulator')
}

afterEach(() => {
  for (const dir of folders.splice(0)) rmSync(dir, { recursive: true, force: true })
})

const PROJECT = {
  'database-rules/c.json': {},
  all: `${SDK} exports.main = async () => (await cloud.database().collection('c').orderBy('_id', 'asc').get()).data`,
  transfer: `${SDK}
    const db = cloud.database()
    exports.main = async ({ from, to }) => db.runTransaction(async (transaction) => {
      const accounts = transaction.collection('c')
      const [a, b] = [(await accounts.doc(from).get()).data, (await accounts.doc(to).get()).data]
      await accounts.doc(from).update({ data: { sum: a.sum - 1 } })
      await accounts.doc(to).update({ data: { sum: b.sum + 1 } })
    })`,
}

async function control(cloud: TestCloud, method: string, path: string, body?: unknown) {
  const sent = typeof body === 'string' ? body : JSON.stringify(body)
  const response = await fetch(`${cloud.url}/control/${path}`, { method, body: sent })
  const text = await response.text()
  return { status: response.status, type: response.headers.get('content-type'), text, body: parsed(text) }
}

function parsed(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text))
  } catch {
    return {}
  }
}

const importLines = (cloud: TestCloud, lines: string, mode?: string) =>
  control(cloud, 'POST', `collections/c/import${mode === undefined ? '' : `?mode=${mode}`}`, lines)

describe('a collection as JSON Lines', () => {
  it('goes out and comes in again the same, dates as ISO', async () => {
    await using cloud = await startTestCloud(PROJECT)
    const lines =
      '\uFEFF{"_id":"a","at":{"$date":"2024-05-01T00:00:00.000Z"},"n":1.5,"inner":{"list":[1,{"$date":"2024-05-02T00:00:00.000Z"}]}}\r\n\r\n{"_id":7,"字":"é"}\n'
    expect((await importLines(cloud, lines)).body).toEqual({ inserted: 2, replaced: 0 })
    const exported = await control(cloud, 'GET', 'collections/c/export')
    expect(exported.type).toContain('ndjson')
    expect(exported.text).toBe(lines.replace('\uFEFF', '').replace('\r\n\r\n', '\n'))
    await control(cloud, 'POST', 'snapshot/reset', {})
    await importLines(cloud, exported.text)
    expect((await control(cloud, 'GET', 'collections/c/export')).text).toBe(exported.text)
    const [, dated] = Object(await cloud.call('all', {}, 'buyer1'))
    expect(dated.at).toBe('2024-05-01T00:00:00.000Z')
  })

  it('insert refuses an id that exists and adds nothing; upsert replaces it', async () => {
    await using cloud = await startTestCloud(PROJECT)
    await importLines(cloud, '{"_id":"a","x":1,"y":1}')
    const lines = '{"_id":"b"}\n{"_id":"a","x":2}\n{"x":3}'
    expect((await importLines(cloud, lines)).status).toBe(409)
    expect(await cloud.call('all', {}, 'buyer1')).toEqual([{ _id: 'a', x: 1, y: 1 }])
    expect((await importLines(cloud, lines, 'upsert')).body).toEqual({ inserted: 2, replaced: 1 })
    const documents = Object(await cloud.call('all', {}, 'buyer1'))
    expect(documents).toHaveLength(3)
    expect(documents).toContainEqual({ _id: 'a', x: 2 })
  })

  it.each([
    ['[{"a":1}]', 'line 1: one document per line'],
    ['{"a":1}\n{"b":', 'line 2: not JSON'],
    ['{"a":1}\n5', 'line 2: a document is an object'],
    ['{"a":{".b":1}}', 'line 1: the key ".b"'],
    ['{"a..b":1}', 'line 1: the key "a..b"'],
    ['{"_id":{"a":1}}\n{"_id":[1]}', '_id'],
  ])('%s is refused and adds nothing', async (lines, message) => {
    await using cloud = await startTestCloud(PROJECT)
    const refused = await importLines(cloud, lines)
    expect(refused.status).toBe(409)
    expect(refused.body.message).toContain(message)
    expect(await cloud.call('all', {}, 'buyer1')).toEqual([])
  })

  it('of a name that is not there is refused', async () => {
    await using cloud = await startTestCloud({})
    const code = 'DATABASE_COLLECTION_NOT_EXIST'
    expect((await control(cloud, 'GET', 'collections/none/export')).body).toMatchObject({ code })
    expect((await control(cloud, 'POST', 'collections/none/import', '{}')).body).toMatchObject({
      code,
    })
  })
})

describe('a snapshot', () => {
  const accounts = ['a', 'b', 'c', 'd']
  const total = (documents: unknown) =>
    (documents as { sum: number }[]).reduce((sum, document) => sum + document.sum, 0)

  it('taken and put back while functions write shows and leaves whole transactions only', async () => {
    await using cloud = await startTestCloud(PROJECT)
    await importLines(cloud, accounts.map((_id) => JSON.stringify({ _id, sum: 100 })).join('\n'))
    let isOver = false
    let transfers = 0
    const writer = async (shift: number) => {
      for (let step = 0; !isOver; step++) {
        const [from, to] = [accounts[step % 4], accounts[(step + shift) % 4]]
        const { body } = await cloud.post('transfer', { from, to })
        if (body.errMsg === 'cloud.callFunction:ok') transfers += 1
      }
    }
    const writers = [1, 2, 3].map(writer)
    try {
      for (let round = 0; round < 3; round++) {
        const before = transfers
        await expect.poll(() => transfers, { timeout: 15_000 }).toBeGreaterThan(before + 1)
        const taken = await control(cloud, 'GET', 'snapshot')
        const { collections } = Object(taken.body.database)
        expect(total(collections[0].documents.map((text: string) => JSON.parse(text)))).toBe(400)
        expect((await control(cloud, 'POST', 'snapshot/import', taken.body)).status).toBe(200)
      }
    } finally {
      isOver = true
      await Promise.all(writers)
    }
    expect(total(await cloud.call('all', {}, 'buyer1'))).toBe(400)
  })

  it('whose import was interrupted is put in force at the next start, all of it', async () => {
    const data = dataFolder()
    let snapshot: unknown
    {
      await using cloud = await startTestCloud(PROJECT, { data })
      await importLines(cloud, '{"_id":"kept"}')
      await cloud.call('all', {}, 'newcomer')
      snapshot = (await control(cloud, 'GET', 'snapshot')).body
      await control(cloud, 'POST', 'snapshot/reset', {})
      await importLines(cloud, '{"_id":"other"}')
    }
    mkdirSync(data, { recursive: true })
    const pending = join(data, 'snapshot-in-progress.json')
    writeFileSync(pending, JSON.stringify(snapshot))
    await using cloud = await startTestCloud(PROJECT, { data })
    expect(cloud.users.list().map(({ name }) => name)).toContain('newcomer')
    expect(await cloud.call('all', {}, 'buyer1')).toEqual([{ _id: 'kept' }])
    expect(existsSync(pending)).toBe(false)
  })

  it('that is refused leaves what is there, also after a restart', async () => {
    const data = dataFolder()
    {
      await using cloud = await startTestCloud(PROJECT, { data })
      await importLines(cloud, '{"_id":"kept"}')
      const { body } = await control(cloud, 'GET', 'snapshot')
      const database = { collections: [{ name: 'c', indexes: [], documents: ['{"_id":1}', '{"_id":1}'] }] }
      expect((await control(cloud, 'POST', 'snapshot/import', { ...body, database })).status).toBe(409)
      expect(await cloud.call('all', {}, 'buyer1')).toEqual([{ _id: 'kept' }])
    }
    await using cloud = await startTestCloud(PROJECT, { data })
    expect(await cloud.call('all', {}, 'buyer1')).toEqual([{ _id: 'kept' }])
  })
})
