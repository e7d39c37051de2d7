import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestCloud, type TestCloud } from '../../testing/project.ts'
import { PROJECT, START_MS, type WebClient, webClient } from '../web.fixture.ts'

let cloud: TestCloud & AsyncDisposable
let web: WebClient
let headers: Record<string, string>
let uid: string | undefined
const DOCUMENTS = '/v1/database/instances/(default)/databases/(default)/collections/notes/documents'

beforeAll(async () => {
  cloud = await startTestCloud(PROJECT, { clock: 'manual', clockStartMs: START_MS })
  web = webClient(cloud.url)
  const credentials = await web.signIn()
  headers = web.as(credentials)
  uid = credentials.sub
})
afterAll(() => cloud[Symbol.asyncDispose]())

const send = (method: string, path: string, body?: unknown) => web.send(method, path, body, headers)
const find = (params: Record<string, unknown>) => {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(params)) {
    search.set(name, typeof value === 'string' ? value : JSON.stringify(value))
  }
  return send('GET', `${DOCUMENTS}?${search}&`)
}

describe('who may ask', () => {
  it.each([
    ['nobody', {}, 'MISSING_CREDENTIALS'],
    ['a foreign token', { authorization: 'Bearer a.b.c' }, 'INVALID_CREDENTIALS'],
    ['basic credentials', { authorization: 'Basic bG9jYWw6' }, 'MISSING_CREDENTIALS'],
  ])('refuses %s', async (_, wrong, code) => {
    for (const path of [DOCUMENTS, `${DOCUMENTS}/1`]) {
      expect(await web.send('GET', path, undefined, wrong)).toMatchObject({ status: 401, body: { code } })
    }
    expect(await web.send('POST', '/v1/storages/delete-objects', [], wrong)).toMatchObject({
      status: 401,
      body: { code },
    })
  })

  it('says of a token that has expired what makes the SDK refresh it', async () => {
    const late = web.as(await web.signIn('device-late'))
    await cloud.clock.advance(7_200_000)
    const answer = await web.send('GET', DOCUMENTS, undefined, { ...late, 'x-request-id': 'mine' })
    expect(answer).toMatchObject({ status: 401, body: { code: 'ACCESS_TOKEN_EXPIRED', requestId: 'mine' } })
    await cloud.clock.set(START_MS)
  })
})

describe('documents', () => {
  it('are added, found, changed, counted, aggregated and removed, as the SDK spells it', async () => {
    const added = await send('POST', DOCUMENTS, {
      data: [
        { _id: 'a', n: 1, at: { $date: 5 }, seen: { $date: { offset: 1_000 } } },
        { _id: 'b', n: 2 },
      ],
    })
    expect(added).toEqual({ status: 200, body: { insertedIds: ['a', 'b'] } })

    const query = { n: { $gt: { $numberInt: '0' } }, at: { $lte: { $date: { $numberInt: '5' } } } }
    expect((await find({ query })).body.list).toEqual([
      { _id: 'a', n: 1, at: { $date: 5 }, seen: { $date: START_MS + 1_000 }, _openid: uid },
    ])
    const order = [{ field: 'n', direction: 'desc' }]
    const page = await find({ order, limit: 1, offset: 1, projection: { n: true } })
    expect(page.body).toEqual({ list: [{ _id: 'a', n: 1 }], limit: 1, offset: 1 })
    expect((await find({ query: { _id: 'b' }, projection: {} })).body.list).toMatchObject([{ _id: 'b' }])
    expect((await find({ count: 'true' })).body).toEqual({ total: 2 })

    const changed = {
      query: { n: 2 },
      data: { $inc: { n: 5 } },
      multi: true,
      upsert: false,
      replaceMode: false,
    }
    expect((await send('PATCH', DOCUMENTS, changed)).body).toEqual({ matched: 1, updated: 1 })
    const pipeline = [{ $match: { n: { $gt: 0 } } }, { $group: { _id: null, sum: { $sum: '$n' } } }]
    expect((await send('POST', `${DOCUMENTS}/aggregations`, { pipeline })).body).toEqual({
      list: [{ _id: null, sum: 8 }],
    })

    expect((await send('POST', `${DOCUMENTS}/remove`, { query: { _id: 'b' }, multi: false })).body).toEqual({
      deleted: 1,
    })
    expect((await find({ count: 'true' })).body).toEqual({ total: 1 })
  })

  it('are replaced by a change without operators, and made when they are missing', async () => {
    const set = (id: string, data: object) =>
      send('PATCH', DOCUMENTS, { query: { _id: id }, data, multi: false, upsert: true, replaceMode: false })
    expect((await set('new', { x: 1 })).body).toMatchObject({ updated: 0, upsert_id: 'new' })
    expect((await set('new', { y: 2 })).body).toMatchObject({ updated: 1 })
    expect((await send('GET', `${DOCUMENTS}/new`)).body).toEqual({ _id: 'new', y: 2, _openid: uid })
  })

  it('that are not there answer 404 when one is asked for', async () => {
    expect(await send('GET', `${DOCUMENTS}/nowhere`)).toMatchObject({
      status: 404,
      body: { code: 'DATABASE_DOCUMENT_NOT_EXIST' },
    })
  })

  it.each([
    ['GET', DOCUMENTS.replace('notes', 'locked'), undefined, 403, 'DATABASE_PERMISSION_DENIED'],
    ['GET', DOCUMENTS.replace('notes', 'absent'), undefined, 404, 'DATABASE_COLLECTION_NOT_EXIST'],
    ['GET', `${DOCUMENTS}?query=%7B`, undefined, 400, 'INVALID_PARAM'],
    ['GET', `${DOCUMENTS}?limit=-1`, undefined, 400, 'INVALID_PARAM'],
    ['POST', DOCUMENTS, { data: {} }, 400, 'INVALID_PARAM'],
    ['POST', DOCUMENTS, 'not json', 400, 'INVALID_PARAM'],
    ['PATCH', DOCUMENTS, {}, 400, 'INVALID_PARAM'],
    ['POST', '/v1/database/instances/i/databases/d/transactions', {}, 403, 'DATABASE_PERMISSION_DENIED'],
    [
      'POST',
      '/v1/database/instances/i/databases/d/collections',
      { collectionName: 'x' },
      403,
      'DATABASE_PERMISSION_DENIED',
    ],
    ['POST', '/v1/database/instances/i/databases/d/commands', { commands: [] }, 501, 'NOT_EMULATED'],
    ['POST', '/v1/model/notes', {}, 501, 'NOT_EMULATED'],
  ])('%s %s with %j is refused with a status and a code', async (method, path, body, status, code) => {
    expect(await send(method, path, body)).toMatchObject({ status, body: { code } })
  })
})

describe('functions', () => {
  it('get the body as their event, and answer with the body', async () => {
    expect(await send('POST', '/v1/functions/echo', { a: [1] })).toEqual({ status: 200, body: { a: [1] } })
    expect(await send('POST', '/v1/functions/echo')).toEqual({ status: 200, body: {} })
  })

  it.each([
    ['missing', 404, 'FUNCTION_NOT_FOUND'],
    ['broken', 500, 'FUNCTION_INVOCATION_FAILED'],
  ])('that cannot be called reject: %s', async (name, status, code) => {
    expect(await send('POST', `/v1/functions/${name}`, {})).toMatchObject({ status, body: { code } })
  })

  it('are closed to who has not signed in', async () => {
    expect(await web.send('POST', '/v1/functions/echo', {})).toMatchObject({ status: 403 })
  })
})

describe('files', () => {
  const upload = async (objectId: string, signedHeader?: object) => {
    const { body } = await send('POST', '/v1/storages/get-objects-upload-info', [{ objectId, signedHeader }])
    return Object.values(body).map(Object)[0]
  }
  const put = (info: Record<string, string>, text: string) =>
    fetch(info.uploadUrl ?? '', {
      method: 'PUT',
      body: text,
      headers: {
        authorization: info.authorization ?? '',
        'x-cos-meta-fileid': info.cloudObjectMeta ?? '',
        'x-cos-security-token': info.token ?? '',
      },
    })

  it('are uploaded, downloaded and removed', async () => {
    const info = await upload('a/b.txt', { 'content-length': ['5'] })
    expect((await put(info, 'hello')).status).toBe(200)
    const files = [{ cloudObjectId: info.cloudObjectId }, { cloudObjectId: 'cloud://local.none/x' }]
    const found = Object.values(
      (await send('POST', '/v1/storages/get-objects-download-info', files)).body,
    ).map(Object)
    expect(await (await fetch(found[0].downloadUrl)).text()).toBe('hello')
    expect(found[1]).toMatchObject({ cloudObjectId: 'cloud://local.none/x', code: 'STORAGE_FILE_NONEXIST' })
    const removed = Object.values((await send('POST', '/v1/storages/delete-objects', files)).body)
    expect(removed).toMatchObject([{ cloudObjectId: info.cloudObjectId }, { code: 'STORAGE_FILE_NONEXIST' }])
    expect(removed[0]).not.toHaveProperty('code')
  })

  it('are uploaded as a form too, under the name that was granted', async () => {
    const info = await upload('a/form.txt')
    const post = async (key: string) => {
      const form = new FormData()
      const fields = {
        key,
        signature: info.authorization,
        'x-cos-meta-fileid': info.cloudObjectMeta,
        'x-cos-security-token': info.token,
        success_action_status: '201',
      }
      for (const [name, value] of Object.entries(fields)) form.append(name, value)
      form.append('file', new Blob(['posted']), 'form.txt')
      return (await fetch(info.uploadUrl, { method: 'POST', body: form })).status
    }
    expect(await post('a/other.txt')).toBe(403)
    expect(await post('a/form.txt')).toBe(201)
  })

  it('of others are not overwritten: the item is refused, not the request', async () => {
    await put(await upload('mine.txt', {}), 'mine')
    const other = web.as(await web.signIn('device-2'))
    const answer = await web.send(
      'POST',
      '/v1/storages/get-objects-upload-info',
      [{ objectId: 'mine.txt', signedHeader: {} }, { objectId: 'theirs.txt' }],
      other,
    )
    expect(answer.status).toBe(200)
    expect(Object.values(answer.body)).toMatchObject([
      { objectId: 'mine.txt', code: 'STORAGE_EXCEED_AUTHORITY' },
      { objectId: 'theirs.txt', cloudObjectId: expect.stringMatching(/^cloud:/) },
    ])
  })
})
