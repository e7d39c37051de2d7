import { describe, expect, it } from 'vitest'
import { WireError } from '../core/errors.ts'
import type { Client } from '../core/identity.ts'
import type { MeteredCall } from '../core/metering.ts'
import { type AccessDeps, createAccess, type Doc } from './index.ts'

const CLIENT: Client = { appid: 'wx', openid: 'me' }
const WEB: Client = { appid: 'wx', uid: 'u1', loginType: 'CUSTOM' }

type Handle = AccessDeps['database']['handle']

/** Rules that allow everything and stamp the owner, so that only what access does is seen. */
function accessOn(handle: Handle, rules: Partial<AccessDeps['rules']> = {}) {
  const billed: string[] = []
  const access = createAccess({
    rules: {
      read: async (_, query) => query,
      laterReads: () => undefined,
      create: async (_, document) => ({ ...document, _openid: 'me' }),
      update: async (_, query) => query,
      remove: async (_, query) => query,
      readFile: async () => undefined,
      writeFile: async () => undefined,
      invokeFunction: () => undefined,
      ...rules,
    },
    database: { handle },
    storage: {
      handle: async () => ({ data: { fileId: 'cloud://a' } }),
      findFile: () => undefined,
    },
    fillTemplates: (value) => value,
    nowMs: () => 1_000,
    metering<T>({ billed: { service, operation }, work }: MeteredCall<T>) {
      billed.push(`${service} ${operation}`)
      return work()
    },
  })
  return { access, billed }
}

/** One collection that keeps its documents as wire texts; `before` runs ahead of an action. */
function shelf(before: (action: string, documents: Map<unknown, Doc>) => void) {
  const documents = new Map<unknown, Doc>()
  const handle: Handle = async (action, body) => {
    before(action, documents)
    const { _id, _openid: owner } = body.query ? JSON.parse(String(body.query)) : {}
    if (action === 'database.getDocument') {
      const found = documents.get(_id)
      return { data: { list: found ? [JSON.stringify(found)] : [] } }
    }
    if (action === 'database.insertDocument') {
      const document = JSON.parse(String(Object(body.data)[0]))
      if (documents.has(document._id)) {
        const key = 'E11000 duplicate key error collection: x index: _id_ dup key: { _id: "a" }'
        throw new WireError('DATABASE_REQUEST_FAILED', key)
      }
      documents.set(document._id, document)
      return { data: { insertedIds: [document._id] } }
    }
    const found = documents.get(_id)
    const existing = owner === undefined || (found?._openid ?? null) === owner ? found : undefined
    if (existing) documents.set(_id, { _id, ...JSON.parse(String(body.data)) })
    return { data: { updated: existing ? 1 : 0 } }
  }
  return { documents, handle }
}

const set = { collectionName: 'x', query: '{"_id":"a"}', merge: false, upsert: true }

describe('set, when somebody else is faster', () => {
  it('replaces what was made in the meantime, and leaves its owner', async () => {
    const { documents, handle } = shelf((action) => {
      if (action === 'database.insertDocument' && !documents.has('a'))
        documents.set('a', { _id: 'a', n: 1, _openid: 'other' })
    })
    const { access } = accessOn(handle)
    const reply = await access.database('database.modifyDocument', { ...set, data: '{"n":2}' }, CLIENT)
    expect(reply).toEqual({ data: { updated: 1 } })
    expect(documents.get('a')).toEqual({ _id: 'a', n: 2, _openid: 'other' })
  })

  it('never gives a document that has changed hands back to its former owner', async () => {
    const { documents, handle } = shelf((action) => {
      if (action === 'database.modifyDocument') documents.set('a', { _id: 'a', _openid: 'newcomer' })
    })
    documents.set('a', { _id: 'a', _openid: 'former' })
    const { access } = accessOn(handle)
    expect(await access.database('database.modifyDocument', { ...set, data: '{"n":2}' }, CLIENT)).toEqual({
      data: { updated: 1 },
    })
    expect(documents.get('a')).toEqual({ _id: 'a', n: 2, _openid: 'newcomer' })
  })

  it('makes what was removed in the meantime', async () => {
    const { documents, handle } = shelf((action) => {
      if (action === 'database.modifyDocument') documents.delete('a')
    })
    documents.set('a', { _id: 'a', _openid: 'other' })
    const { access } = accessOn(handle)
    const reply = await access.database('database.modifyDocument', { ...set, data: '{"n":2}' }, CLIENT)
    expect(reply).toEqual({ data: { updated: 0, upsert_id: 'a' } })
    expect(documents.get('a')).toEqual({ _id: 'a', n: 2, _openid: 'me' })
  })

  it('gives up after three tries', async () => {
    const { documents, handle } = shelf((action) => {
      if (action === 'database.getDocument') documents.delete('a')
      else documents.set('a', { _id: 'a' })
    })
    const { access } = accessOn(handle)
    await expect(
      access.database('database.modifyDocument', { ...set, data: '{"n":2}' }, CLIENT),
    ).rejects.toMatchObject({ code: 'DATABASE_REQUEST_FAILED' })
  })

  it('passes on every other failure', async () => {
    const { handle } = shelf((action) => {
      if (action === 'database.insertDocument')
        throw new WireError('DATABASE_REQUEST_FAILED', 'unique by name')
    })
    const { access } = accessOn(handle)
    await expect(
      access.database('database.modifyDocument', { ...set, data: '{"n":2}' }, CLIENT),
    ).rejects.toMatchObject({ message: 'unique by name' })
  })
})

describe('what reaches the database', () => {
  it('is limited for mini programs, and not for web pages', async () => {
    const seen: unknown[] = []
    const { access, billed } = accessOn(async (_, body) => {
      seen.push(body.limit)
      return { data: { list: ['x'.repeat(2 * 1024 * 1024)] } }
    })
    const get = (client: Client) =>
      access.database('database.getDocument', { collectionName: 'x', limit: 100 }, client)
    await expect(get(CLIENT)).rejects.toMatchObject({ code: 'WX_DATABASE_QUERY_SIZE_EXCEED_LIMIT' })
    await get(WEB)
    expect(seen).toEqual([20, 100])
    expect(billed).toEqual(['database database.getDocument', 'database database.getDocument'])
  })

  it('is not billed for what clients have not', async () => {
    const { access, billed } = accessOn(async () => ({}))
    await expect(access.database('database.anything', {}, CLIENT)).rejects.toMatchObject({
      code: 'DATABASE_PERMISSION_DENIED',
    })
    await expect(access.storage('storage.anything', {}, CLIENT)).rejects.toMatchObject({
      code: 'NOT_EMULATED',
    })
    expect(billed).toEqual([])
  })

  it('never holds a flag of the wire that a client made up', async () => {
    const bodies: Doc[] = []
    const { access } = accessOn(async (_, body) => {
      bodies.push(body)
      return { data: { updated: 1 } }
    })
    const update = {
      collectionName: 'x',
      query: '{}',
      data: '{"$set":{"a":1}}',
      multi: true,
      skipRules: true,
    }
    await access.database('database.modifyDocument', update, CLIENT)
    expect(bodies).toEqual([
      { collectionName: 'x', query: '{}', data: '{"$set":{"a":1}}', multi: true, merge: true, upsert: false },
    ])
    await expect(
      access.database('database.modifyDocument', { ...update, upsert: true }, CLIENT),
    ).rejects.toMatchObject({ code: 'INVALID_PARAM' })
  })

  it('is refused, with a code, where it is nested without end or looks like a value of the library', async () => {
    const { access } = accessOn(async () => ({}))
    const refused = (action: string, body: Doc) =>
      expect(access.database(action, { collectionName: 'x', ...body }, CLIENT)).rejects.toMatchObject({
        code: 'INVALID_PARAM',
      })
    const deep = `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`
    await refused('database.getDocument', { query: deep })
    await refused('database.aggregateDocuments', { stages: [{ stageKey: '$project', stageValue: deep }] })
    await refused('database.getDocument', { query: '{"a":{"_bsontype":"ObjectId"}}' })
  })

  it('has the very dates that the rules judged: digits are milliseconds', async () => {
    const judged: unknown[] = []
    const { access } = accessOn(async () => ({}), {
      async create(_, document) {
        judged.push(document.until)
        return document
      },
    })
    for (const date of ['"9999"', '{"$numberLong":"9999"}', '9999', '"1970-01-01T00:00:09.999Z"']) {
      await access.database(
        'database.insertDocument',
        { collectionName: 'x', data: [`{"until":{"$date":${date}}}`] },
        CLIENT,
      )
    }
    expect(judged).toEqual(Array.from({ length: 4 }, () => new Date(9_999)))
  })

  it('is what the rules saw: values decoded for them, and encoded again', async () => {
    const wire = {
      a: { $numberInt: '1' },
      b: { $numberLong: '9007199254740993' },
      c: { $date: { $numberLong: '7' } },
      d: { $tcb_server_date: { offset: { $numberInt: '5' } } },
      e: { $regularExpression: { pattern: '^x', options: 'i' } },
      $or: [{ f: { $gt: { $numberDouble: '1.5' } } }, { g: null }],
    }
    const asked: Doc[] = []
    const { access } = accessOn(async () => ({}), {
      async read(_, query) {
        asked.push(query)
        return query
      },
    })
    const { queryEjson } = await access.watch('x', JSON.stringify(wire), CLIENT)
    expect(asked[0]).toMatchObject({
      a: 1,
      c: new Date(7),
      d: new Date(1_005),
      $or: [{ f: { $gt: 1.5 } }, { g: null }],
    })
    expect(JSON.parse(queryEjson)).toEqual({ ...wire, d: { $date: { $numberLong: '1005' } } })
  })
})
