import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LOCAL_APPID, openidOf } from '../core/identity.ts'
import { startTestCloud, type TestCloud } from '../testing/project.ts'

const BUYER1 = openidOf(LOCAL_APPID, 'buyer1')
const BUYER2 = openidOf(LOCAL_APPID, 'buyer2')

let cloud: TestCloud & AsyncDisposable

beforeAll(async () => {
  cloud = await startTestCloud({
    echo: 'exports.main = async (event) => event',
    'database-rules/notes.json': { permission: 'PRIVATE' },
    'database-rules/news.json': { permission: 'READONLY' },
    'database-rules/secrets.json': { permission: 'ADMINONLY' },
    'database-rules/tasks.json': {
      permission: 'CUSTOM',
      rule: { read: "doc.team == 'red'", create: 'request.data.hours <= 8', update: true, delete: false },
    },
  })
})

afterAll(() => cloud[Symbol.asyncDispose]())

async function ask(
  user: string,
  service: 'database' | 'storage',
  action: string,
  body: Record<string, unknown>,
) {
  const response = await fetch(`${cloud.url}/client/${service}`, {
    method: 'POST',
    headers: user === '' ? {} : { 'x-emulator-user': user },
    body: JSON.stringify({ ...body, action: `${service}.${action}` }),
  })
  return { status: response.status, body: Object(await response.json()) }
}

/** The reply's `data`, or `code` of the refusal. */
async function query(user: string, action: string, collectionName: string, body: Record<string, unknown>) {
  const { body: reply } = await ask(user, 'database', action, { collectionName, ...body })
  return reply.data ?? reply.code
}

const add = async (user: string, collection: string, ...documents: object[]) =>
  query(user, 'insertDocument', collection, { data: documents.map((item) => JSON.stringify(item)) })

async function find(user: string, collection: string, filter: object = {}, more: object = {}) {
  const data = await query(user, 'getDocument', collection, { query: JSON.stringify(filter), ...more })
  return Array.isArray(data.list) ? data.list.map((text: string) => JSON.parse(text)) : data
}

const set = (user: string, collection: string, id: string, data: object) =>
  query(user, 'modifyDocument', collection, {
    queryType: 'DOC',
    query: JSON.stringify({ _id: id }),
    data: JSON.stringify(data),
    multi: false,
    merge: false,
    upsert: true,
  })

const update = (user: string, collection: string, filter: object, change: object) =>
  query(user, 'modifyDocument', collection, {
    query: JSON.stringify(filter),
    data: JSON.stringify(change),
    multi: true,
    merge: true,
    upsert: false,
  })

describe('a document of a client', () => {
  it('is stamped with its owner, and in a private collection seen by nobody else', async () => {
    expect(await add('buyer1', 'notes', { _id: 'mine', text: 'milk' })).toEqual({ insertedIds: ['mine'] })
    expect(await find('buyer1', 'notes')).toEqual([{ _id: 'mine', text: 'milk', _openid: BUYER1 }])
    expect(await find('buyer2', 'notes')).toEqual([])
    expect(await query('buyer2', 'calculateDocument', 'notes', {})).toEqual({ total: 0 })
    expect(await update('buyer2', 'notes', { _id: 'mine' }, { $set: { text: 'gin' } })).toEqual({
      updated: 0,
    })
    expect(await query('buyer2', 'removeDocument', 'notes', { query: '{"_id":"mine"}' })).toEqual({
      deleted: 0,
    })
    expect(await find('buyer1', 'notes', { _openid: '{openid}' })).toHaveLength(1)
  })

  it('cannot be given to somebody else, neither when made nor later', async () => {
    const denied = 'DATABASE_PERMISSION_DENIED'
    expect(await add('buyer1', 'notes', { _openid: BUYER2 })).toBe(denied)
    await add('buyer1', 'notes', { _id: 'kept', other: BUYER2 })
    for (const change of [
      { $set: { _openid: BUYER2 } },
      { $unset: { _openid: '' } },
      { $rename: { other: '_openid' } },
      { $rename: { _openid: 'other' } },
    ]) {
      expect(await update('buyer1', 'notes', { _id: 'kept' }, change)).toBe(denied)
    }
    expect(await set('buyer1', 'notes', 'kept', { _openid: BUYER2 })).toBe(denied)
    expect((await find('buyer1', 'notes', { _id: 'kept' }))[0]._openid).toBe(BUYER1)
  })

  it('keeps numbers and dates in the very form that came', async () => {
    const exact = {
      _id: 'exact',
      long: { $numberLong: '9007199254740993' },
      double: { $numberDouble: '5' },
      at: { $date: { $numberLong: '0' } },
    }
    await add('buyer1', 'notes', exact)
    expect(await find('buyer1', 'notes', { long: exact.long })).toEqual([{ ...exact, _openid: BUYER1 }])
  })

  it('is made and replaced by set, whoever replaces it without changing hands', async () => {
    expect(await set('buyer1', 'tasks', 'shared', { team: 'red', hours: 1 })).toMatchObject({
      updated: 0,
      upsert_id: 'shared',
    })
    expect(await set('buyer2', 'tasks', 'shared', { team: 'red', hours: 2 })).toEqual({ updated: 1 })
    expect(await find('buyer2', 'tasks', { team: 'red' })).toEqual([
      { _id: 'shared', team: 'red', hours: 2, _openid: BUYER1 },
    ])
  })

  it('is not taken over by set in a private collection', async () => {
    await add('buyer1', 'news', { _id: 'headline', text: 'true' })
    expect(await set('buyer2', 'news', 'headline', { text: 'false' })).toEqual({ updated: 0 })
    expect(await find('buyer2', 'news', { _id: 'headline' })).toMatchObject([{ text: 'true' }])
  })
})

describe('rules of a collection', () => {
  it('refuse queries that they do not cover, and let the others through', async () => {
    const denied = 'DATABASE_PERMISSION_DENIED'
    expect(await find('buyer1', 'secrets')).toBe(denied)
    expect(await add('buyer1', 'secrets', { a: 1 })).toBe(denied)
    expect(await add('buyer1', 'tasks', { team: 'blue', hours: 9 })).toBe(denied)
    await add('buyer1', 'tasks', { _id: 'blue', team: 'blue', hours: 3 })
    expect(await find('buyer2', 'tasks')).toBe(denied)
    expect(await find('buyer2', 'tasks', { team: 'blue' })).toBe(denied)
    expect(await find('buyer2', 'tasks', { team: 'red', hours: { $gt: 100 } })).toEqual([])
    expect(await query('buyer2', 'removeDocument', 'tasks', { query: '{"_id":"blue"}' })).toBe(denied)
    expect(cloud.log.recent(({ message }) => message.includes('of tasks refused')).length).toBeGreaterThan(0)
  })

  it('judge an aggregation by its first stage, and what it joins', async () => {
    const run = (user: string, collection: string, ...stages: Record<string, unknown>[]) =>
      query(user, 'aggregateDocuments', collection, {
        stages: stages.map((stage) => ({
          stageKey: Object.keys(stage)[0],
          stageValue: JSON.stringify(Object.values(stage)[0]),
        })),
      })
    const count = { $count: 'n' }
    expect(await run('buyer1', 'tasks', count)).toBe('DATABASE_PERMISSION_DENIED')
    expect(await run('buyer1', 'tasks', { $match: { team: 'red' } }, count)).toEqual({ list: ['{"n":1}'] })
    expect(await run('buyer1', 'tasks', { $match: { team: 'blue' } }, count)).toBe(
      'DATABASE_PERMISSION_DENIED',
    )
    // A private collection is filtered, whatever comes first.
    await add('buyer2', 'notes', { text: 'yours' })
    expect(await run('buyer2', 'notes', count)).toEqual({ list: ['{"n":1}'] })
    const join = (from: string) => ({ $lookup: { from, localField: '_id', foreignField: '_id', as: 'x' } })
    expect(await run('buyer1', 'news', join('news'), count)).toEqual({ list: ['{"n":1}'] })
    for (const stage of [
      join('notes'),
      join('secrets'),
      { $lookup: { from: 'secrets', pipeline: [], as: 'x' } },
    ])
      expect(await run('buyer1', 'news', stage, count)).toBe('DATABASE_PERMISSION_DENIED')
    expect(await run('buyer1', 'news', { $out: 'news' })).toBe('DATABASE_PERMISSION_DENIED')
  })
})

describe('limits of a mini program', () => {
  it('give 20 documents at most, and 1 MB', async () => {
    const many = Array.from({ length: 25 }, (_, n) => ({ kind: 'many', n }))
    await add('author1', 'news', ...many)
    expect(await find('buyer1', 'news', { kind: 'many' })).toHaveLength(20)
    expect(await find('buyer1', 'news', { kind: 'many' }, { limit: 1000 })).toHaveLength(20)
    expect(await find('buyer1', 'news', { kind: 'many' }, { limit: 3 })).toHaveLength(3)
    const large = Array.from({ length: 3 }, () => ({ kind: 'large', text: 'x'.repeat(400_000) }))
    await add('author1', 'news', ...large)
    expect(await find('buyer1', 'news', { kind: 'large' })).toBe('WX_DATABASE_QUERY_SIZE_EXCEED_LIMIT')
    expect(await find('buyer1', 'news', { kind: 'large' }, { limit: 2 })).toHaveLength(2)
  })

  it('keep transactions, collections and unknown actions for functions', async () => {
    for (const action of ['addCollection', 'startTransaction', 'modifyAndReturnDoc', 'toString', 'x'])
      expect(await query('buyer1', action, 'news', {})).toBe('DATABASE_PERMISSION_DENIED')
    expect(await query('buyer1', 'getDocument', 'news', { transactionId: 't' })).toBe(
      'DATABASE_PERMISSION_DENIED',
    )
  })

  it('count what a client uses, and let faults strike it', async () => {
    const before = cloud.cost.totals().byService.database
    await find('buyer1', 'news')
    expect(cloud.cost.totals().byService.database).toBe(before + 1)
    cloud.faults.add({
      service: 'database',
      operation: 'database.getDocument',
      effect: { kind: 'error', code: 'SERVER_TIMEOUT' },
      times: 1,
    })
    expect(await find('buyer1', 'news')).toBe('SERVER_TIMEOUT')
    cloud.faults.add({
      service: 'database',
      operation: 'database.insertDocument',
      effect: { kind: 'reply-lost' },
      times: 1,
    })
    await expect(add('buyer1', 'news', { _id: 'unheard' })).rejects.toThrow()
    expect(await find('buyer1', 'news', { _id: 'unheard' })).toHaveLength(1)
  })
})

describe('bad input', () => {
  it('is refused with a code', async () => {
    for (const body of [
      { collectionName: 'news', query: '{' },
      { collectionName: 'news', query: 7 },
      { collectionName: 'news', query: '[]' },
      { collectionName: 'news', query: '{"__proto__":1}' },
      { collectionName: 'news', query: `${'{"a":'.repeat(200)}1${'}'.repeat(200)}` },
      { collectionName: '' },
      {},
    ]) {
      expect((await ask('buyer1', 'database', 'getDocument', body)).body.code).toBe('INVALID_PARAM')
    }
    expect((await ask('buyer1', 'database', 'insertDocument', { collectionName: 'news' })).body.code).toBe(
      'INVALID_PARAM',
    )
    expect((await ask('', 'database', 'getDocument', {})).body.code).toBe('USER_REQUIRED')
    expect((await ask('a b', 'database', 'getDocument', {})).status).toBe(400)
    expect((await ask('buyer1', 'storage', 'batchDeleteFile', { fileid_list: 'x' })).body.code).toBe(
      'INVALID_PARAM',
    )
  })
})

describe('files of a client', () => {
  async function upload(user: string, path: string, content: string) {
    const { body } = await ask(user, 'storage', 'getUploadMetadata', { path })
    if (body.code) return body.code
    const { url, authorization, token, cosFileId, fileId } = body.data
    const form = new FormData()
    const fields = { key: path, signature: authorization, 'x-cos-security-token': token }
    for (const [name, value] of Object.entries({ ...fields, 'x-cos-meta-fileid': cosFileId }))
      form.append(name, value)
    form.append('file', new Blob([content]))
    expect((await fetch(url, { method: 'POST', body: form })).status).toBe(204)
    return fileId
  }

  it('are overwritten and removed by whoever uploaded them, and read by all', async () => {
    const fileID = await upload('buyer1', 'a/1.txt', 'one')
    expect(await upload('buyer1', 'a/1.txt', 'two')).toBe(fileID)
    expect(await upload('buyer2', 'a/1.txt', 'three')).toBe('STORAGE_EXCEED_AUTHORITY')
    expect(await upload('buyer1', '../x', 'up')).toBe('INVALID_PARAM')

    const links = await ask('buyer2', 'storage', 'batchGetDownloadUrl', {
      file_list: [{ fileid: `${fileID}.none` }, { fileid: fileID }],
    })
    expect(links.body.data.download_list).toMatchObject([
      { code: 'STORAGE_FILE_NONEXIST' },
      { code: 'SUCCESS', fileID },
    ])
    expect(await (await fetch(links.body.data.download_list[1].tempFileURL)).text()).toBe('two')

    const list = [fileID, `${fileID}.none`]
    const remove = (user: string) => ask(user, 'storage', 'batchDeleteFile', { fileid_list: list })
    expect((await remove('buyer2')).body.data.delete_list).toMatchObject([
      { fileID, code: 'STORAGE_EXCEED_AUTHORITY' },
      { code: 'STORAGE_FILE_NONEXIST' },
    ])
    expect((await remove('buyer1')).body.data.delete_list).toMatchObject([
      { fileID, code: 'SUCCESS' },
      { code: 'STORAGE_FILE_NONEXIST' },
    ])
    expect((await ask('buyer1', 'storage', 'batchCopyFile', {})).body.code).toBe('NOT_EMULATED')
  })
})

describe('CloudIDs in the data of a call', () => {
  async function call(event: object, cloudIds: string, user = 'buyer1') {
    const response = await fetch(`${cloud.url}/client/functions/echo`, {
      method: 'POST',
      headers: { 'x-emulator-user': user, 'x-emulator-cloud-ids': cloudIds },
      body: JSON.stringify(event),
    })
    return Object(await response.json())
  }

  it('are replaced by the open data of this very user', async () => {
    const { cloudID } = await cloud.wechat.cloudIds.issue(BUYER1, 'phone', { phoneNumber: '13800000000' })
    const event = { '号 码': cloudID, text: cloudID }
    const { result } = await call(event, encodeURIComponent('号 码'))
    expect(result['号 码']).toMatchObject({ cloudID, data: { phoneNumber: '13800000000' } })
    expect(result.text).toBe(cloudID)
    expect((await call({ id: cloudID }, 'id', 'buyer2')).result.id).toMatchObject({ errCode: -601007 })
    expect((await call({ id: 'made up' }, 'id')).result.id).toMatchObject({ errCode: -601005 })
    expect(await call({}, 'a,b,c,d,e,f')).toMatchObject({ errCode: -401002 })
    expect(await call({}, '%')).toMatchObject({ errCode: -401002 })
  })
})

describe('rules for storage and functions', () => {
  it('make links expire, and keep functions from clients', async () => {
    await using locked = await startTestCloud(
      {
        echo: 'exports.main = async (event) => event',
        job: 'exports.main = async () => "done"',
        'storage-rules.json': { permission: 'PRIVATE' },
        'function-rules.json': { '*': { invoke: true }, job: { invoke: false } },
      },
      { clock: 'manual' },
    )
    const post = async (user: string, path: string, body: object) => {
      const headers = { 'x-emulator-user': user }
      const options = { method: 'POST', headers, body: JSON.stringify(body) }
      return Object(await (await fetch(`${locked.url}/client/${path}`, options)).json())
    }
    expect(await post('buyer1', 'functions/echo', {})).toMatchObject({ errMsg: 'cloud.callFunction:ok' })
    expect(await post('buyer1', 'functions/job', {})).toMatchObject({
      errCode: -601004,
      errMsg: expect.stringContaining('permission denied'),
    })

    const { data } = await post('buyer1', 'storage', { action: 'storage.getUploadMetadata', path: 'a' })
    const headers = {
      authorization: data.authorization,
      'x-cos-security-token': data.token,
      'x-cos-meta-fileid': data.cosFileId,
    }
    await fetch(data.url, { method: 'PUT', headers, body: 'mine' })
    const links = { action: 'storage.batchGetDownloadUrl', file_list: [{ fileid: data.fileId, max_age: 60 }] }
    const linkFor = async (user: string) => (await post(user, 'storage', links)).data.download_list[0]
    expect(await linkFor('buyer2')).toMatchObject({ code: 'STORAGE_EXCEED_AUTHORITY', tempFileURL: '' })
    const { tempFileURL } = await linkFor('buyer1')
    expect(await (await fetch(tempFileURL)).text()).toBe('mine')
    expect((await fetch(tempFileURL.split('?')[0])).status).toBe(403)
    await locked.clock.advance(61_000)
    expect((await fetch(tempFileURL)).status).toBe(403)
  })

  it('stop the start when they cannot be read', async () => {
    const broken = { 'database-rules/x.json': { permission: 'CUSTOM', rule: { read: 'doc.a ==' } } }
    await expect(startTestCloud(broken)).rejects.toThrow('database-rules/x.json')
  })
})
