import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { startTestCloud, type TestCloud } from '../testing/project.ts'
import { PROJECT, START_MS, type WebClient, webClient } from './web.fixture.ts'

let cloud: TestCloud & AsyncDisposable
let web: WebClient
let access_token: string | undefined
let uid: string | undefined

beforeAll(async () => {
  cloud = await startTestCloud(PROJECT, { clock: 'manual', clockStartMs: START_MS })
  web = webClient(cloud.url)
  const credentials = await web.signIn()
  access_token = credentials.access_token
  uid = credentials.sub
})
afterAll(() => cloud[Symbol.asyncDispose]())

async function act(action: string, fields: object, token = access_token): Promise<Record<string, unknown>> {
  const answer = await web.send('POST', '/web?env=local', {
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
    const { wsUrl, ...sign } = Object(data)
    expect(await login(wsUrl, sign)).toMatchObject({ envId: 'local' })
    expect(await login(wsUrl, { ...sign, signStr: `${sign.signStr}x` })).toMatchObject({
      code: expect.stringMatching(/./),
    })
    await cloud.clock.advance(7_200_000)
    expect(await login(wsUrl, sign)).toMatchObject({ code: expect.stringMatching(/./) })
    access_token = (await web.signIn()).access_token
  })

  it.each<[string, object, string | undefined, string]>([
    ['database.queryDocument', { collectionName: 'locked' }, undefined, 'DATABASE_PERMISSION_DENIED'],
    ['database.startTransaction', {}, undefined, 'DATABASE_PERMISSION_DENIED'],
    ['database.queryDocument', { collectionName: 'notes' }, '', 'MISSING_CREDENTIALS'],
    ['database.queryDocument', { collectionName: 'notes' }, 'a.b.c', 'INVALID_CREDENTIALS'],
    ['auth.wsWebSign', {}, '', 'MISSING_CREDENTIALS'],
    ['functions.invokeFunction', { function_name: 'broken' }, undefined, 'FUNCTIONS_EXECUTE_FAIL'],
    ['functions.invokeFunction', { function_name: 'echo', request_data: '{' }, undefined, 'INVALID_PARAM'],
    ['wx.openApi', {}, undefined, 'NOT_EMULATED'],
    ['', {}, undefined, 'INVALID_PARAM'],
  ])('refuses %s %j with a code', async (action, fields, token, code) => {
    expect(await act(action, fields, token)).toMatchObject({ code, message: expect.stringMatching(/./) })
  })
})

/** What the socket answers to who opens it so. */
function login(wsUrl: string, sign: object): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(wsUrl)
    const exMsgData = { runtime: 'web', ...sign }
    socket.on('open', () =>
      socket.send(
        JSON.stringify({ requestId: '1', msgType: 'LOGIN', msgData: { envId: 'local' }, exMsgData }),
      ),
    )
    socket.on('message', (text) => {
      resolve(Object(JSON.parse(String(text))).msgData)
      socket.close()
    })
    socket.on('error', reject)
    socket.on('close', (code) => resolve({ code: String(code) }))
  })
}
