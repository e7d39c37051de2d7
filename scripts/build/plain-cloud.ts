import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import protobuf from 'protobufjs'

/** Answers each of the SDK's calls once, with fixed values: enough to see that what was bundled still speaks. */
export interface PlainCloud {
  url: string
  /** The whole environment of a function that talks to it. */
  functionEnvironment(): Record<string, string>
  lastUserAgent(): string | undefined
  stop(): Promise<void>
}

export async function startPlainCloud(): Promise<PlainCloud> {
  let lastUserAgent: string | undefined
  const server = createServer(async (request, response) => {
    const body = await readBody(request)
    if (request.url?.startsWith('/file/')) return serveFile(request, response)
    lastUserAgent = request.headers['user-agent']
    answer(body, url, response)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    functionEnvironment: () => environment(url),
    lastUserAgent: () => lastUserAgent,
    stop: () =>
      new Promise((stopped) => {
        server.close(() => stopped())
        server.closeAllConnections()
      }),
  }
}

function environment(url: string): Record<string, string> {
  return {
    TENCENTCLOUD_RUNENV: 'SCF',
    TENCENTCLOUD_REGION: 'ap-shanghai',
    SCF_NAMESPACE: 'env-probe',
    TENCENTCLOUD_SECRETID: 'id',
    TENCENTCLOUD_SECRETKEY: 'key',
    TCB_CONTEXT_CNFG: JSON.stringify({ URL: `${url}/admin` }),
    TCB_ENV: 'env-probe',
    TCB_SOURCE: 'wx_client',
    TCB_CONTEXT_KEYS: 'TCB_ENV,TCB_SOURCE',
    WX_CONTEXT_KEYS: 'WX_OPENID,WX_APPID,WX_API_TOKEN',
    WX_OPENID: 'o-caller',
    WX_APPID: 'wx-app',
    WX_API_TOKEN: 'token',
  }
}

function answer(body: Buffer, url: string, response: ServerResponse): void {
  const form = body.toString('latin1')
  if (form.includes('name="apiName"')) {
    answerOpenApi(form, response)
    return
  }
  const request: Record<string, unknown> = JSON.parse(body.toString())
  const reply = jsonReplies(request, url)[String(request.action)] ?? {
    code: 'INVALID_PARAM',
    message: `no such action: ${request.action}`,
  }
  response.setHeader('content-type', 'application/json; charset=utf-8')
  response.end(JSON.stringify({ requestId: 'r1', ...reply }))
}

function jsonReplies(request: Record<string, unknown>, url: string): Record<string, object> {
  const missing = { code: 'DATABASE_COLLECTION_NOT_EXIST', message: 'Db or Table not exist' }
  const document = '{"_id":"a1","at":{"$date":{"$numberLong":"5"}},"n":{"$numberInt":"1"}}'
  return {
    'database.insertDocument': { data: { insertedIds: ['a1'] } },
    'database.getDocument': request.collectionName === 'missing' ? missing : { data: { list: [document] } },
    'database.modifyDocument': { data: { updated: 1 } },
    'database.countDocument': { data: { total: 0 } },
    'database.calculateDocument': { data: { total: 0 } },
    'database.startTransaction': { data: { transactionId: 't1' }, transactionId: 't1' },
    'database.updateDocInTransaction': { data: { updated: 1 } },
    'database.commitTransaction': { data: {} },
    'functions.invokeFunction': { data: { response_data: '{"ok":true}' } },
    'storage.getUploadMetadata': {
      data: {
        url: `${url}/file/${request.path}`,
        token: 't',
        authorization: 'a',
        fileId: `cloud://env-probe.bucket/${request.path}`,
        cosFileId: 'm',
      },
    },
    'storage.batchGetDownloadUrl': {
      data: {
        download_list: [
          {
            code: 'SUCCESS',
            fileID: 'cloud://env-probe.bucket/a.txt',
            tempFileURL: `${url}/file/a.txt`,
            maxAge: 600,
          },
        ],
      },
    },
    'storage.batchDeleteFile': {
      data: { delete_list: [{ code: 'SUCCESS', fileID: 'cloud://env-probe.bucket/a.txt' }] },
    },
  }
}

/** Repeats what reached it: the text, or the name that the SDK gave to a picture. */
function answerOpenApi(form: string, response: ServerResponse): void {
  response.setHeader('content-type', 'application/octet-stream')
  if (form.includes('unifiedOrder')) {
    response.end(JSON.stringify({ return_code: 'SUCCESS', payment: { package: 'p1' } }))
    return
  }
  const seen = /media\.\w+/.exec(form)?.[0] ?? /"(hi)"/.exec(form)?.[1] ?? 'nothing'
  const reply = protobuf.Type.fromJSON('Reply', {
    fields: { respData: { type: 'bytes', id: 1 }, contentType: { type: 'string', id: 2 } },
  })
  const respData = Buffer.from(JSON.stringify({ errcode: 0, errmsg: 'ok', trace_id: seen }))
  response.end(reply.encode(reply.create({ respData, contentType: 'application/json' })).finish())
}

function serveFile(request: IncomingMessage, response: ServerResponse): void {
  if (request.method === 'GET') return void response.end('file bytes')
  if (!request.url?.includes('refused')) return void response.end()
  response.end(
    `<?xml version='1.0' encoding='utf-8' ?>\n<Error>\n  <Code>AccessDenied</Code>\n  <Message>no &amp; never</Message>\n` +
      `  <Resource>/a</Resource>\n  <RequestId>r2</RequestId>\n  <TraceId>t2</TraceId>\n</Error>`,
  )
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks)
}
