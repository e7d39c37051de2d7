/** Every address of the local cloud, with a request that is valid there or nearly so: the seeds of broken ones. */
import type { Emulator } from '../../emulator/index.ts'

export interface Address {
  method: string
  path: string
  body?: unknown
  headers?: Record<string, string>
}

const asUser = { 'x-emulator-user': 'buyer1' }
const where = { collectionName: 'things', queryType: 'WHERE', query: '{"a":{"$gt":{"$numberInt":"1"}}}' }
const change = {
  data: '{"$set":{"a":1},"$push":{"list":{"$each":[1]}}}',
  multi: true,
  merge: true,
  upsert: false,
}
const stages = [
  { stageKey: '$match', stageValue: '{"a":{"$in":[1,2]}}' },
  { stageKey: '$group', stageValue: '{"_id":"$b","n":{"$sum":{"$add":["$a",1]}}}' },
  { stageKey: '$lookup', stageValue: '{"from":"things","localField":"a","foreignField":"b","as":"c"}' },
]

const documents = '/v1/database/instances/(default)/databases/(default)/collections/things/documents'

const databaseActions = [
  { action: 'database.getDocument', ...where, order: '{"a":1}', offset: 0, limit: 10, projection: '{"a":1}' },
  { action: 'database.calculateDocument', ...where },
  { action: 'database.insertDocument', collectionName: 'things', data: ['{"a":1,"b":{"c":[1,2]}}'] },
  { action: 'database.modifyDocument', ...where, ...change },
  { action: 'database.modifyAndReturnDoc', ...where, ...change },
  { action: 'database.removeDocument', ...where, query: '{"a":1000}', multi: true },
  { action: 'database.aggregateDocuments', collectionName: 'things', stages },
  { action: 'database.addCollection', collectionName: 'more' },
  { action: 'database.startTransaction' },
  { action: 'database.commitTransaction', transactionId: 'none' },
  { action: 'database.abortTransaction', transactionId: 'none' },
  // Of older SDKs.
  { action: 'database.queryDocument', collectionName: 'things', query: { a: 1 }, offset: 0, limit: 3 },
  { action: 'database.addDocument', collectionName: 'things', data: { a: 1 } },
  {
    action: 'database.updateDocument',
    collectionName: 'things',
    query: {},
    data: { $set: { a: 1 } },
    multi: true,
  },
  { action: 'database.deleteDocument', collectionName: 'things', query: { a: 1000 }, multi: true },
  { action: 'database.countDocument', collectionName: 'things', query: {} },
]
const storageActions = [
  { action: 'storage.getUploadMetadata', path: 'a.png', method: 'put' },
  { action: 'storage.batchGetDownloadUrl', file_list: [{ fileid: 'cloud://local.b/a.png', max_age: 60 }] },
  { action: 'storage.batchDeleteFile', fileid_list: ['cloud://local.b/a.png'] },
  { action: 'storage.batchCopyFile', file_list: [{ src_path: 'a/x', dst_path: 'b/x', overwrite: true }] },
  { action: 'storage.getFileAuthority', openId: 'o', fileList: [{ path: 'a.png', type: 'READ' }] },
]
const otherActions = [
  { action: 'functions.invokeFunction', function_name: 'echo', request_data: '{"a":1}' },
  { action: 'wx.openApi', apiName: 'security.msgSecCheck', requestData: 'x' },
  { action: 'wx.wxPayApi', apiName: 'unifiedorder', requestData: '{"body":"x","total_fee":1}' },
  { action: 'wx.api', apiName: 'x', requestData: '{}' },
  { action: 'auth.getUserInfoForAdmin', uuid: 'x' },
]

export async function addressesOf(cloud: Emulator): Promise<Address[]> {
  const post = (path: string, body: unknown, headers = {}): Address => ({
    method: 'POST',
    path,
    body,
    headers,
  })
  const access_token = await signIn(cloud)
  const signedIn = { authorization: `Bearer ${access_token}` }
  return [
    ...[...databaseActions, ...storageActions, ...otherActions].map((body) => post('/admin', body)),
    ...[...databaseActions, ...storageActions, ...otherActions].map((body) =>
      post('/web?env=local', { ...body, access_token }),
    ),
    ...databaseActions.map((body) => post('/client/database', body, asUser)),
    ...storageActions.map((body) => post('/client/storage', body, asUser)),
    post('/client/functions/echo', { a: 1 }, asUser),
    post('/client/http-function/echo/a', { a: 1 }, asUser),
    { method: 'GET', path: '/client/wx-cloud.js' },
    post('/auth/v1/signin/anonymously?client_id=local', {}),
    post('/auth/v1/signin/custom', { provider_id: 'custom', ticket: 'a/@@/b.c.d' }),
    post('/auth/v1/token', { grant_type: 'refresh_token', refresh_token: 'x', client_id: 'local' }),
    { method: 'GET', path: '/auth/v1/user/me', headers: signedIn },
    post('/v1/functions/echo', { a: 1 }, signedIn),
    post('/v1/storages/get-objects-upload-info', [{ objectId: 'a.png' }], signedIn),
    post('/v1/storages/get-objects-download-info', [{ cloudObjectId: 'cloud://local.b/a.png' }], signedIn),
    { method: 'GET', path: `${documents}?query=%7B%22a%22%3A1%7D&limit=10`, headers: signedIn },
    post(documents, { data: ['{"a":1}'] }, signedIn),
    {
      method: 'PATCH',
      path: documents,
      body: { query: '{"a":1}', data: '{"$set":{"a":2}}' },
      headers: signedIn,
    },
    post(`${documents}/remove`, { query: '{"a":1000}' }, signedIn),
    post(`${documents}/aggregations`, { stages }, signedIn),
    { method: 'GET', path: '/http/echo/a?b=c' },
    post('/http/echo/a', { a: 1 }),
    post('/wx-pay/wxpay_order', { description: 'x', amount: { total: 1 } }),
    { method: 'PUT', path: '/storage/6c6f-local-1250000000/a.png' },
    { method: 'GET', path: '/storage/6c6f-local-1250000000/a.png', headers: { range: 'bytes=0-3' } },
    ...(await controlAddresses(cloud)),
  ]
}

async function signIn({ url }: Emulator): Promise<string> {
  const response = await fetch(`${url}/auth/v1/signin/anonymously?client_id=local`, {
    method: 'POST',
    body: '{}',
  })
  const { access_token } = Object(await response.json())
  if (typeof access_token !== 'string') throw new Error('anonymous sign-in gave no token')
  return access_token
}

/** As its own description says; bodies are made up from nothing. */
async function controlAddresses({ url }: Emulator): Promise<Address[]> {
  // OpenAPI: paths, each with its methods.
  const openapi = (await (await fetch(`${url}/control/openapi.json`)).json()) as {
    paths: Record<string, Record<string, unknown>>
  }
  const paths = Object.entries(openapi.paths)
  return paths.flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({
      method: method.toUpperCase(),
      path: path.replaceAll(/\{\w+\}/g, 'things'),
      body: method === 'get' || method === 'delete' ? undefined : { name: 'x', ms: 1000, user: 'buyer1' },
    })),
  )
}
