import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWeb, type TestWeb } from './web.fixture.ts'

let cloud: TestWeb
let access_token: string | undefined
let uid: string | undefined

beforeAll(async () => {
  cloud = await startWeb()
  for (const name of ['notes', 'locked']) await cloud.database.createCollection(name)
  const credentials = await cloud.signIn()
  access_token = credentials.access_token
  uid = credentials.sub
})
afterAll(() => cloud[Symbol.asyncDispose]())

async function act(action: string, fields: object, token = access_token): Promise<Record<string, unknown>> {
  const answer = await cloud.send('POST', '/web?env=local', {
    action,
    dataVersion: '2020-01-10',
    env: 'local',
    access_token: token,
    ...fields,
  })
  expect(answer.status).toBe(200)
  expect(answer.body.requestId).toMatch(/^[0-9a-f-]{36}$/)
  return answer.body
}

describe('action mode', () => {
  it('reads and writes documents in the dialect of its library', async () => {
    expect(
      await act('database.addDocument', { collectionName: 'notes', data: { _id: 'a', at: { $date: 5 } } }),
    ).toMatchObject({ data: { _id: 'a' } })
    const query = { collectionName: 'notes', queryType: 'WHERE', query: { _id: { $eq: 'a' } }, limit: 100 }
    expect(await act('database.queryDocument', query)).toMatchObject({
      data: { list: [{ _id: 'a', at: { $date: 5 }, _openid: uid }] },
    })
    expect(await act('database.countDocument', query)).toMatchObject({ data: { total: 1 } })
    const update = {
      collectionName: 'notes',
      queryType: 'DOC',
      query: { _id: 'a' },
      data: { $set: { x: 1 } },
      multi: false,
      merge: true,
      upsert: false,
    }
    expect(await act('database.updateDocument', update)).toMatchObject({ data: { updated: 1 } })
    const stages = [{ stageKey: '$match', stageValue: '{"x":1}' }]
    const { data } = await act('database.aggregate', { collectionName: 'notes', stages })
    expect(JSON.parse(Object(data).list).map(JSON.parse)).toMatchObject([{ _id: 'a', x: 1 }])
    expect(await act('database.deleteDocument', { ...query, multi: true })).toMatchObject({
      data: { deleted: 1 },
    })
  })

  it('calls functions, with the result as text or as it is', async () => {
    const call = { function_name: 'echo', request_data: '{"a":1}' }
    expect((await act('functions.invokeFunction', call)).data).toEqual({ response_data: '{"a":1}' })
    expect((await act('functions.invokeFunction', { ...call, parse: true })).data).toEqual({
      response_data: { a: 1 },
    })
    expect(cloud.calls.at(-1)).toMatchObject({ event: { a: 1 }, user: { uid, isAnonymous: true } })
  })

  it('grants uploads of what the rules let this user write', async () => {
    const { data } = await act('storage.getUploadMetadata', { path: 'a.txt', method: 'put' })
    expect(Object(data)).toMatchObject({
      url: expect.stringMatching(`^${cloud.url}/storage/`),
      fileId: expect.stringMatching(/^cloud:/),
    })
  })

  it('signs who opens a socket', async () => {
    const { data } = await act('auth.wsWebSign', { runtime: 'web' })
    expect(data).toMatchObject({ wsUrl: `${cloud.url.replace('http', 'ws')}/web/ws`, envId: 'local' })
    const { signStr } = Object(data)
    expect(cloud.web.clientOfLogin(signStr)).toMatchObject({ uid, loginType: 'ANONYMOUS' })
    expect(cloud.web.clientOfLogin(`${signStr}x`)).toBeUndefined()
    await cloud.clock.advance(7_200_000)
    expect(cloud.web.clientOfLogin(signStr)).toBeUndefined()
    access_token = (await cloud.signIn()).access_token
  })

  it.each<[string, object, string | undefined, string]>([
    ['database.queryDocument', { collectionName: 'locked' }, undefined, 'DATABASE_PERMISSION_DENIED'],
    ['database.startTransaction', {}, undefined, 'DATABASE_PERMISSION_DENIED'],
    ['database.queryDocument', { collectionName: 'notes' }, '', 'MISSING_CREDENTIALS'],
    ['database.queryDocument', { collectionName: 'notes' }, 'a.b.c', 'INVALID_CREDENTIALS'],
    ['auth.wsWebSign', {}, '', 'MISSING_CREDENTIALS'],
    ['functions.invokeFunction', { function_name: 'internal' }, undefined, 'PERMISSION_DENIED'],
    ['functions.invokeFunction', { function_name: 'broken' }, undefined, 'FUNCTIONS_EXECUTE_FAIL'],
    ['functions.invokeFunction', { function_name: 'echo', request_data: '{' }, undefined, 'INVALID_PARAM'],
    ['wx.openApi', {}, undefined, 'NOT_EMULATED'],
    ['', {}, undefined, 'INVALID_PARAM'],
  ])('refuses %s %j with a code', async (action, fields, token, code) => {
    expect(await act(action, fields, token)).toMatchObject({ code, message: expect.stringMatching(/./) })
  })
})
