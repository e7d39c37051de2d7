/** For tests: storage behind a small HTTP server, and the real `wx-server-sdk` in this process that uses it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import cloud from 'wx-server-sdk'
import { type Clock, createClock } from '../core/clock.ts'
import { WireError } from '../core/errors.ts'
import { createIds } from '../core/ids.ts'
import { createLog } from '../core/log.ts'
import { createState, type State } from '../core/state.ts'
import { createStorage, type Storage } from './index.ts'

/** The part of the SDK under test; its own `index.d.ts` mixes these results with those of callbacks. */
interface StorageSdk {
  uploadFile(options: { cloudPath: string; fileContent: Buffer }): Promise<{ fileID: string }>
  downloadFile(options: { fileID: string }): Promise<{ fileContent: Buffer }>
  getTempFileURL(options: { fileList: (string | { fileID: string; maxAge: number })[] }): Promise<{
    fileList: { status: number; tempFileURL: string }[]
  }>
  deleteFile(options: { fileList: string[] }): Promise<{ fileList: { status: number }[] }>
}

export interface StorageServer {
  storage: Storage
  cloud: StorageSdk
  clock: Clock
  state: State
  baseUrl: string
  /** Where the bytes are. */
  dir: string
  close(): Promise<void>
  /** Ends everything but the folders. */
  restart(): Promise<StorageServer>
}

export async function startStorageServer(
  options: Pick<Parameters<typeof createStorage>[0], 'isPublicRead' | 'mayAccess' | 'maxFileBytes'> & {
    root?: string
  } = {},
): Promise<StorageServer> {
  const root = options.root ?? mkdtempSync(join(tmpdir(), 'storage-test-'))
  const clock = createClock('manual', Date.parse('2026-03-01T02:00:00Z'))
  const state = createState(join(root, 'state'))
  const dir = join(root, 'files')
  const log = createLog(clock.nowMs)
  const address = { baseUrl: '' }
  const baseUrl = () => address.baseUrl
  const deps = { dir, state, clock, ids: createIds(), log, envId: 'local', baseUrl }
  const storage = createStorage({ ...deps, ...options })
  await storage.start()

  const server = createServer(async (req, res) => {
    if (await storage.serveHttp(req, res, new URL(req.url ?? '/', 'http://localhost'))) return
    const chunks: Buffer[] = []
    for await (const chunk of req) chunks.push(chunk)
    res.setHeader('content-type', 'application/json; charset=utf-8')
    try {
      const { action, ...body } = JSON.parse(Buffer.concat(chunks).toString('utf8'))
      res.end(JSON.stringify({ ...(await storage.handle(action, body, {})), requestId: 'r1' }))
    } catch (error) {
      const code = error instanceof WireError ? error.code : 'SYS_ERR'
      res.end(JSON.stringify({ code, message: String(error), requestId: 'r1' }))
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  address.baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}` // a listening TCP server has one
  Object.assign(process.env, {
    TENCENTCLOUD_RUNENV: 'SCF',
    TENCENTCLOUD_REGION: 'ap-shanghai',
    SCF_NAMESPACE: 'local',
    TENCENTCLOUD_SECRETID: 'id',
    TENCENTCLOUD_SECRETKEY: 'key',
    TCB_CONTEXT_CNFG: JSON.stringify({ URL: `${address.baseUrl}/admin` }),
  })
  cloud.init({ env: 'local' })

  async function stop(): Promise<void> {
    await new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
    await storage.stop()
    await state.stop()
  }

  return {
    storage,
    cloud: cloud as unknown as StorageSdk, // see StorageSdk
    clock,
    state,
    baseUrl: address.baseUrl,
    dir,
    async close() {
      await stop()
      rmSync(root, { recursive: true, force: true })
    },
    async restart() {
      await stop()
      return startStorageServer({ ...options, root })
    },
  }
}
