/** For tests: the real `wx-server-sdk` in this process, talking over HTTP to a WeChat simulator. */
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import busboy from 'busboy'
import cloud from 'wx-server-sdk'
import { WireError } from '../core/errors.ts'
import type { Wechat } from './index.ts'

type PayApiName = 'unifiedOrder' | 'queryOrder' | 'downloadBill' | 'facePay'

/** What the SDK exports and its `index.d.ts` (4.0.2) does not name. */
type PayApis = Record<PayApiName, (data: object) => Promise<Record<string, unknown>>>
type Untyped = {
  cloudPay: PayApis & ((options: { appid: string }) => PayApis)
  callOpenAPI(call: object): Promise<{ result: unknown }>
  getVoIPSign(call: object): Promise<{ signature: string }>
  getCloudCallSign(call: object): Promise<{ signature: string }>
  Cloud: new (of: object) => { init(): Promise<void> }
  openapi: Record<string, Record<string, (data: object) => Promise<Record<string, unknown>>>>
}

export interface SdkServer {
  cloud: typeof cloud & Untyped
  close(): Promise<void>
}

/** @param caller which function and user the server takes each request for; may be changed between calls. */
export async function startSdkServer(
  wechat: Wechat,
  caller: { functionName?: string; openid?: string },
): Promise<SdkServer> {
  const server = createServer(async (req, res) => {
    try {
      const { text, binary } = await readParts(req)
      const action = text.action
      if (action !== 'wx.openApi' && action !== 'wx.wxPayApi' && action !== 'wx.api') {
        throw new WireError('INVALID_PARAM', `unexpected action ${action}`)
      }
      const reply = await wechat.handle(action, { text, binary }, caller)
      if ('contentType' in reply && reply.body instanceof Uint8Array) {
        res.setHeader('content-type', String(reply.contentType))
        res.end(reply.body)
      } else {
        res.setHeader('content-type', 'application/json; charset=utf-8')
        res.end(JSON.stringify({ ...reply, requestId: 'r1' }))
      }
    } catch (error) {
      const code = error instanceof WireError ? error.code : 'SYS_ERR'
      res.setHeader('content-type', 'application/json; charset=utf-8')
      res.end(JSON.stringify({ code, message: String(error), requestId: 'r1' }))
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // a listening TCP server has one
  Object.assign(process.env, {
    TENCENTCLOUD_RUNENV: 'SCF',
    TENCENTCLOUD_REGION: 'ap-shanghai',
    SCF_NAMESPACE: 'local',
    TCB_ENV: 'local',
    TENCENTCLOUD_SECRETID: 'id',
    TENCENTCLOUD_SECRETKEY: 'key',
    TCB_CONTEXT_CNFG: JSON.stringify({ URL: `http://127.0.0.1:${port}/admin` }),
    TCB_CONTEXT_KEYS: 'TCB_ENV',
    WX_CONTEXT_KEYS: 'WX_API_TOKEN',
    WX_API_TOKEN: 'token',
  })
  cloud.init({ env: 'local' })
  return {
    cloud: cloud as typeof cloud & Untyped, // see Untyped
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function readParts(
  req: IncomingMessage,
): Promise<{ text: Record<string, string>; binary: Record<string, Uint8Array> }> {
  const text: Record<string, string> = {}
  const binary: Record<string, Uint8Array> = {}
  if (req.headers['content-type']?.startsWith('application/json')) {
    const chunks: Buffer[] = []
    for await (const chunk of req) chunks.push(chunk)
    Object.assign(text, JSON.parse(Buffer.concat(chunks).toString('utf8')))
    return { text, binary }
  }
  await new Promise<void>((resolve, reject) => {
    const form = busboy({ headers: req.headers })
    form.on('field', (name, value) => {
      text[name] = value
    })
    form.on('file', (name, stream) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        binary[name] = Buffer.concat(chunks)
      })
    })
    form.on('close', resolve)
    form.on('error', reject)
    req.pipe(form)
  })
  return { text, binary }
}
