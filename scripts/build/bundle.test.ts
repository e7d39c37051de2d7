import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Bundle, bundleFunction } from './bundle-function.ts'
import { type PlainCloud, startPlainCloud } from './plain-cloud.ts'
import { repoDir } from './repo-dir.ts'

// Inside the repository, so that the function finds its packages.
const workDir = mkdtempSync(join(mkdirs(join(repoDir, 'dist/tests')), 'bundle-'))
let cloud: PlainCloud
let bundle: Bundle

beforeAll(async () => {
  cloud = await startPlainCloud()
  const sourceDir = mkdirs(join(workDir, 'source'))
  writeFileSync(join(sourceDir, 'index.ts'), FUNCTION_SOURCE)
  writeFileSync(join(sourceDir, 'config.json'), '{"permissions":{"openapi":["security.msgSecCheck"]}}')
  bundle = await bundleFunction({
    name: 'probe',
    sourceDir,
    outDir: join(workDir, 'probe'),
    mapDir: join(workDir, 'maps'),
  })
})

afterAll(async () => {
  await cloud.stop()
  rmSync(workDir, { recursive: true })
})

describe('a bundled function', () => {
  it('is a folder to upload: code, an empty list of dependencies and its configuration', () => {
    expect(readdirSync(join(workDir, 'probe')).sort()).toEqual([
      'config.json',
      'index.js',
      'package.json',
      'sdk-seldom.js',
      'start.js',
    ])
    expect(JSON.parse(readFileSync(join(workDir, 'probe/package.json'), 'utf8')).dependencies).toEqual({})
    expect(readFileSync(join(workDir, 'probe/config.json'), 'utf8')).toContain('security.msgSecCheck')
    const { sections } = JSON.parse(readFileSync(join(workDir, 'maps/probe.start.js.map'), 'utf8'))
    expect(sections[0].map.sources).toContainEqual(expect.stringMatching(/source\/index\.ts$/))
  })

  it('stays within 400 kB with every part of the SDK that is left', () => {
    const totalBytes = Object.values(bundle.sizesBytes).reduce((sum, bytes) => sum + bytes, 0)
    expect(totalBytes).toBeLessThan(400_000)
    expect(bundle.startBytes).toBeLessThan(totalBytes)
  })

  it('reads and writes documents, with types that JSON does not have', async () => {
    expect(await call('document')).toEqual({
      id: 'a1',
      read: { _id: 'a1', at: '1970-01-01T00:00:00.005Z', n: 1 },
      updated: 1,
      countOfNone: 0,
    })
  })

  it('runs a transaction', async () => {
    expect(await call('transaction')).toEqual({ committed: true })
  })

  it('tells a database error by its code', async () => {
    expect(await call('databaseError')).toMatchObject({
      errCode: -502005,
      errMsg: expect.stringContaining('Table not exist'),
    })
  })

  it('calls another function', async () => {
    expect(await call('callFunction')).toMatchObject({ result: { ok: true }, errMsg: 'callFunction:ok' })
  })

  it('knows who calls', async () => {
    expect(await call('context')).toMatchObject({ OPENID: 'o-caller', APPID: 'wx-app', SOURCE: 'wx_client' })
  })

  it('calls an open API, in protobuf', async () => {
    expect(await call('openapi')).toMatchObject({ errCode: 0, traceId: 'hi' })
  })

  it('sends a picture to an open API under the extension of its type', async () => {
    expect(await call('picture')).toMatchObject({ errCode: 0, traceId: 'media.jpeg' })
  })

  it('prepares a payment', async () => {
    expect(await call('cloudPay')).toMatchObject({
      errCode: 0,
      returnCode: 'SUCCESS',
      payment: { package: 'p1' },
    })
  })

  it('uploads, downloads, links and deletes a file', async () => {
    expect(await call('files')).toEqual({
      fileID: 'cloud://env-probe.bucket/a.txt',
      downloaded: 'file bytes',
      link: `${cloud.url}/file/a.txt`,
      deleted: 0,
    })
  })

  it('tells why an upload was refused', async () => {
    expect(await call('refusedUpload')).toMatchObject({
      code: 'STORAGE_REQUEST_FAIL',
      errMsg: expect.stringContaining('[AccessDenied]: no & never'),
    })
  })

  it('logs', async () => {
    expect(await call('log')).toEqual({ logged: true })
  })

  it('signs a ticket for custom login', async () => {
    expect(await call('ticket')).toMatch(/^key-1\/@@\/[\w-]+\.[\w-]+\.[\w-]+$/)
  })

  it('says which SDK it is', async () => {
    await call('document')
    expect(cloud.lastUserAgent()).toBe('tcb-node-sdk/3.17.2')
  })

  it.each(['ai', 'models', 'mysql', 'watch', 'proxy'])(
    'refuses %s, which is cut, and names the remedy',
    async (part) => {
      expect(await call(part)).toMatchObject({
        code: 'SDK_PART_NOT_BUNDLED',
        message: expect.stringContaining('in scripts/build/unused-sdk-parts.ts and build again'),
      })
    },
  )
})

/** Runs the bundle as the platform does: in a process of its own, with nothing but the environment. */
async function call(what: string): Promise<unknown> {
  const program = `require(${JSON.stringify(join(workDir, 'probe/index.js'))})
    .main({ what: ${JSON.stringify(what)} }, {})
    .then((value) => process.stdout.write('\\nRESULT ' + JSON.stringify(value)))`
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', program], {
    env: cloud.functionEnvironment(),
    cwd: workDir,
  })
  return JSON.parse(stdout.slice(stdout.lastIndexOf('\nRESULT ') + '\nRESULT '.length))
}

function mkdirs(path: string): string {
  mkdirSync(path, { recursive: true })
  return path
}

const FUNCTION_SOURCE = `
import { generateKeyPairSync } from 'node:crypto'
import tcb from '@cloudbase/node-sdk'
import cloud from 'wx-server-sdk'

cloud.init({ env: cloud.DYNAMIC_CURRENT_ENV })
const db = cloud.database()
const app = tcb.init({ env: tcb.SYMBOL_CURRENT_ENV })

const probes = {
  async document() {
    const { _id: id } = await db.collection('todo').add({ data: { at: new Date(5), n: 1 } })
    const { data: read } = await db.collection('todo').doc(id).get()
    const { stats } = await db.collection('todo').doc(id).update({ data: { n: db.command.inc(1) } })
    const { total } = await db.collection('none').where({ n: db.command.gt(5).and(db.command.lt(9)) }).count()
    return { id, read: { ...read, at: read.at.toISOString() }, updated: stats.updated, countOfNone: total }
  },
  async transaction() {
    await db.runTransaction(async (tx) => {
      await tx.collection('todo').doc('a1').set({ data: { n: 2 } })
    })
    return { committed: true }
  },
  databaseError: () => db.collection('missing').get(),
  callFunction: () => cloud.callFunction({ name: 'hello', data: { a: 1 } }),
  context: async () => cloud.getWXContext(),
  openapi: () => cloud.openapi.security.msgSecCheck({ content: 'hi' }),
  picture: () => cloud.openapi.security.imgSecCheck({ media: { contentType: 'image/jpeg', value: Buffer.from('picture') } }),
  cloudPay: () => cloud.cloudPay.unifiedOrder({ outTradeNo: '1', totalFee: 1 }),
  async files() {
    const { fileID } = await cloud.uploadFile({ cloudPath: 'a.txt', fileContent: Buffer.from('file bytes') })
    const { fileContent } = await cloud.downloadFile({ fileID })
    const links = await cloud.getTempFileURL({ fileList: [fileID] })
    const deleted = await cloud.deleteFile({ fileList: [fileID] })
    return { fileID, downloaded: fileContent.toString(), link: links.fileList[0].tempFileURL, deleted: deleted.fileList[0].status }
  },
  refusedUpload: () => cloud.uploadFile({ cloudPath: 'refused.txt', fileContent: Buffer.from('x') }),
  async log() {
    cloud.logger().info({ hello: 'world' })
    return { logged: true }
  },
  async ticket() {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048, privateKeyEncoding: { type: 'pkcs1', format: 'pem' }, publicKeyEncoding: { type: 'pkcs1', format: 'pem' } })
    const signer = tcb.init({ env: 'env-probe', credentials: { private_key_id: 'key-1', private_key: privateKey, env_id: 'env-probe' } })
    return signer.auth().createTicket('user-1')
  },
  ai: async () => cloud.ai(),
  models: async () => app.models.order.get({}),
  mysql: async () => app.mysql(),
  watch: async () => app.database().collection('todo').where({}).watch({ onChange() {}, onError() {} }),
  proxy: () => tcb.init({ env: 'env-probe', proxy: 'http://127.0.0.1:1' }).database().collection('todo').get(),
}

export async function main({ what }) {
  try {
    return await probes[what]()
  } catch (error) {
    return { code: error.code, errCode: error.errCode, errMsg: error.errMsg, message: error.message }
  }
}
`
