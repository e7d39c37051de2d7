/** Cloud storage: `storage.*` of the server SDK's wire, the files over HTTP, and their bytes on disk. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from '../core/clock.ts'
import { notEmulated, WireError } from '../core/errors.ts'
import type { Ids } from '../core/ids.ts'
import type { Log } from '../core/log.ts'
import type { Module } from '../core/module.ts'
import type { State } from '../core/state.ts'
import { downloadUrl, uploadUrl } from './address.ts'
import { assertCloudPath, bucketOf, fileIdOf, findCloudPath } from './cloud-path.ts'
import { createFileStore, type FileStore, type StoredFile } from './file-store.ts'
import { type HttpDeps, serveHttp } from './serve-http.ts'
import { createTickets } from './tickets.ts'
import { type Authority, type Copy, parseBody } from './wire.ts'

export type { StoredFile } from './file-store.ts'

export interface StorageCaller {
  openid?: string
  /** Asked for under security rules, which judge files as they are now. */
  isClient?: boolean
}

export interface Storage extends Module {
  /** One action of the admin wire. Resolves to the reply without requestId; throws WireError. */
  handle(
    action: string,
    body: Record<string, unknown>,
    caller: StorageCaller,
  ): Promise<Record<string, unknown>>
  /** Serves everything under /storage/; false for other addresses. */
  serveHttp(req: IncomingMessage, res: ServerResponse, url: URL): Promise<boolean>
  /** The file of an id, for rules that ask who uploaded it. */
  findFile(fileId: string): StoredFile | undefined
  /** Writes a file without HTTP; gives its id. */
  upload(cloudPath: string, content: AsyncIterable<Uint8Array>, openid?: string): Promise<string>
  read: FileStore['read']
  list(): (StoredFile & { fileID: string })[]
  exportObjects: FileStore['exportObjects']
  importObjects: FileStore['importObjects']
}

const UPLOAD_GRANT_MS = 15 * 60_000
const DEFAULT_MAX_AGE_SECONDS = 7_200
/** No published limit comes near a laptop's disk; this one protects it. */
const MAX_FILE_BYTES = 100 * 1024 * 1024

export function createStorage(deps: {
  /** Undefined keeps files in a temporary folder for one run. */
  dir: string | undefined
  state: State
  clock: Clock
  ids: Ids
  log: Log
  envId: string
  /** `http://127.0.0.1:9527`, known once the gateway listens. */
  baseUrl(): string
  /** Whether everybody may read the file; private files get addresses that expire. Default: all are public. */
  isPublicRead?(file: StoredFile): boolean
  /** Whether the storage rules let this user do it; `file` as it is now. Default: they do. */
  mayAccess?(
    operation: 'read' | 'write',
    cloudPath: string,
    file: StoredFile | undefined,
    openid: string | undefined,
  ): Promise<boolean>
  maxFileBytes?: number
}): Storage {
  const { clock, envId, ids, log } = deps
  const files = createFileStore({ ...deps, maxFileBytes: deps.maxFileBytes ?? MAX_FILE_BYTES })
  const secrets = deps.state.table<string>('storage.secret')
  let secret: string | undefined
  const tickets = createTickets(() => {
    if (secret === undefined) throw new Error('storage was not started')
    return secret
  })
  const bucket = bucketOf(envId)
  const { isPublicRead = () => true, mayAccess = async () => true } = deps
  const httpDeps: HttpDeps = { bucket, files, tickets, clock, ids, log, isPublicRead }

  const actions = new Map<string, (body: Record<string, unknown>, caller: StorageCaller) => Promise<unknown>>(
    [
      [
        'storage.getUploadMetadata',
        async (body, { openid, isClient }) => {
          const cloudPath = assertCloudPath(parseBody('getUploadMetadata', body).path)
          const { cosFileId, ...headers } = tickets.issueUpload({
            cloudPath,
            openid,
            replaces: isClient ? (files.find(cloudPath)?.objectId ?? '') : undefined,
            expiresAtMs: clock.nowMs() + UPLOAD_GRANT_MS,
          })
          const url = uploadUrl(deps.baseUrl(), bucket, cloudPath)
          return { ...headers, url, fileId: fileIdOf(envId, cloudPath), cosFileId }
        },
      ],
      [
        'storage.batchGetDownloadUrl',
        async (body) => {
          const wanted = parseBody('batchGetDownloadUrl', body).file_list
          return { download_list: wanted.map((item) => addressOf(item.fileid, item.max_age)) }
        },
      ],
      [
        'storage.batchDeleteFile',
        async (body) => {
          const removed: { fileID: string; code: string }[] = []
          for (const fileID of parseBody('batchDeleteFile', body).fileid_list) {
            const cloudPath = findCloudPath(fileID)
            const existed = cloudPath !== undefined && (await files.remove(cloudPath))
            removed.push({ fileID, code: existed ? 'SUCCESS' : 'STORAGE_FILE_NONEXIST' })
          }
          return { delete_list: removed }
        },
      ],
      [
        'storage.batchCopyFile',
        async (body) => {
          const copied: { fileID: string; code: string }[] = []
          for (const copy of parseBody('batchCopyFile', body).file_list) copied.push(await copyOne(copy))
          return { copy_list: copied }
        },
      ],
      [
        'storage.getFileAuthority',
        async (body) => {
          const { openId, fileList } = parseBody('getFileAuthority', body)
          return Promise.all(fileList.map(({ path, type }) => authorityOf(path, type, openId)))
        },
      ],
    ],
  )

  async function copyOne({ src_path, dst_path, overwrite, remove_original }: Copy) {
    const to = assertCloudPath(dst_path)
    const fileID = fileIdOf(envId, to)
    const source = files.find(assertCloudPath(src_path))
    if (!source) return { fileID, code: 'STORAGE_FILE_NONEXIST' }
    if (!overwrite && files.find(to)) return { fileID, code: 'STORAGE_FILE_EXISTS' }
    const { openid } = source
    await files.write({ cloudPath: to, openid, uploadedAtMs: clock.nowMs() }, files.read(source))
    if (remove_original) await files.remove(source.cloudPath)
    return { fileID, code: 'SUCCESS' }
  }

  async function authorityOf(cloudPath: string, type: Authority, openid: string | undefined) {
    const file = files.find(cloudPath)
    const may = (operation: 'read' | 'write') =>
      type === operation.toUpperCase() || type === 'READWRITE'
        ? mayAccess(operation, cloudPath, file, openid)
        : false
    return {
      path: cloudPath,
      cosFileId: file?.objectId ?? '',
      read: await may('read'),
      write: await may('write'),
    }
  }

  function addressOf(fileID: string, maxAge = DEFAULT_MAX_AGE_SECONDS) {
    const file = findFile(fileID)
    if (!file) return { fileID, code: 'STORAGE_FILE_NONEXIST', tempFileURL: '', maxAge }
    const query = isPublicRead(file) ? '' : tickets.issueRead(file.cloudPath, clock.nowMs() + maxAge * 1000)
    const tempFileURL = downloadUrl(deps.baseUrl(), bucket, file.cloudPath, query)
    return { fileID, code: 'SUCCESS', tempFileURL, download_url: tempFileURL, maxAge }
  }

  function findFile(fileId: string): StoredFile | undefined {
    const cloudPath = findCloudPath(fileId)
    return cloudPath === undefined ? undefined : files.find(cloudPath)
  }

  return {
    name: 'storage',
    async start() {
      // Kept, so that addresses that were handed out stay good after a restart.
      secret = secrets.get('tickets') ?? ids.hex(32)
      await secrets.put('tickets', secret)
      await files.open()
    },
    stop: files.close,
    async handle(action, body, caller) {
      const act = actions.get(action)
      if (act) return { data: await act(body, caller) }
      if (action.startsWith('storage.')) throw notEmulated(action)
      throw new WireError('INVALID_PARAM', `not an action of storage: ${action}`)
    },
    serveHttp: (req, res, url) => serveHttp(req, res, url, httpDeps),
    findFile,
    async upload(cloudPath, content, openid) {
      const file = { cloudPath: assertCloudPath(cloudPath), openid, uploadedAtMs: clock.nowMs() }
      await files.write(file, content)
      return fileIdOf(envId, cloudPath)
    },
    read: files.read,
    list: () => files.list().map((file) => ({ ...file, fileID: fileIdOf(envId, file.cloudPath) })),
    exportObjects: files.exportObjects,
    importObjects: files.importObjects,
  }
}
