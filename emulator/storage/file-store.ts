import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, mkdtemp, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Ids } from '../core/ids.ts'
import type { State } from '../core/state.ts'
import { contentTypeOf, HEAD_BYTES } from './content-type.ts'

export interface StoredFile {
  cloudPath: string
  /** Name of the bytes on disk: random, so that no path of a caller ever becomes a path of ours. */
  objectId: string
  sizeBytes: number
  contentType: string
  /** MD5 of the content in hex. */
  etag: string
  uploadedAtMs: number
  /** The user who uploaded it; absent when a function or an operator did. */
  openid?: string
}

/** More bytes than one file may have. */
export class FileTooLarge extends Error {}

/** Files: what they are in `state`, their bytes in a folder. A file appears, and is replaced, in one step. */
export interface FileStore {
  open(): Promise<void>
  close(): Promise<void>
  find(cloudPath: string): StoredFile | undefined
  list(): StoredFile[]
  /** Replaces what was there. Settles when the file would survive a kill of the process. */
  write(
    file: Pick<StoredFile, 'cloudPath' | 'openid' | 'uploadedAtMs'>,
    content: AsyncIterable<Uint8Array>,
  ): Promise<StoredFile>
  /** `end` is inclusive. */
  read(file: StoredFile, range?: { start: number; end: number }): AsyncIterable<Uint8Array>
  /** False when there was none. */
  remove(cloudPath: string): Promise<boolean>
  /** The bytes that `state` refers to, as base64 by object id; for a snapshot that holds both. */
  exportObjects(): Promise<Record<string, string>>
  /** Brings such bytes back; to be called together with the import of `state`. */
  importObjects(objects: Record<string, string>): Promise<void>
}

export function createFileStore(deps: {
  /** Undefined keeps the bytes in a temporary folder that `close` removes. */
  dir: string | undefined
  state: State
  ids: Ids
  maxFileBytes: number
}): FileStore {
  const table = deps.state.table<StoredFile>('storage.file')
  let root: string | undefined

  function folder(name: 'objects' | 'incoming'): string {
    if (root === undefined) throw new Error('storage was not started')
    return join(root, name)
  }

  function objectPath(objectId: string): string {
    if (!/^[0-9a-f]{32}$/.test(objectId)) throw new Error('not an object id')
    return join(folder('objects'), objectId)
  }

  async function write(
    file: Pick<StoredFile, 'cloudPath' | 'openid' | 'uploadedAtMs'>,
    content: AsyncIterable<Uint8Array>,
  ): Promise<StoredFile> {
    const objectId = deps.ids.hex(16)
    const incoming = join(folder('incoming'), objectId)
    const seen = { bytes: 0, head: Buffer.alloc(0), md5: createHash('md5') }
    const stored = await (async () => {
      await pipeline(watch(content, seen, deps.maxFileBytes), createWriteStream(incoming, { flags: 'wx' }))
      await flush(incoming)
      await rename(incoming, objectPath(objectId))
      return {
        ...file,
        objectId,
        sizeBytes: seen.bytes,
        contentType: contentTypeOf(file.cloudPath, seen.head),
        etag: seen.md5.digest('hex'),
      }
    })().catch(async (error: unknown) => {
      await rm(incoming, { force: true })
      throw error
    })
    const replaced = table.get(file.cloudPath)
    await table.put(file.cloudPath, stored)
    // Bytes that nothing refers to any more; a kill right here leaves them for the next start to sweep.
    if (replaced) await rm(objectPath(replaced.objectId), { force: true })
    return stored
  }

  /** Uploads that a kill cut off, and bytes whose file was replaced or removed. */
  async function sweep(): Promise<void> {
    await rm(folder('incoming'), { recursive: true, force: true })
    await mkdir(folder('incoming'), { recursive: true })
    await mkdir(folder('objects'), { recursive: true })
    const wanted = new Set(table.entries().map(([, file]) => file.objectId))
    for (const name of await readdir(folder('objects'))) {
      if (!wanted.has(name)) await rm(join(folder('objects'), name), { force: true })
    }
  }

  return {
    async open() {
      root ??= deps.dir ?? (await mkdtemp(join(tmpdir(), 'cloud-storage-')))
      await sweep()
    },
    async close() {
      if (deps.dir === undefined && root !== undefined) await rm(root, { recursive: true, force: true })
      root = undefined
    },
    find: (cloudPath) => table.get(cloudPath),
    list: () => table.entries().map(([, file]) => file),
    write,
    read: (file, range) => createReadStream(objectPath(file.objectId), range),
    async remove(cloudPath) {
      const file = table.get(cloudPath)
      if (!file) return false
      await table.remove(cloudPath)
      await rm(objectPath(file.objectId), { force: true })
      return true
    },
    async exportObjects() {
      const objects: Record<string, string> = {}
      for (const [, { objectId }] of table.entries()) {
        objects[objectId] = (await readFile(objectPath(objectId))).toString('base64')
      }
      return objects
    },
    async importObjects(objects) {
      for (const [objectId, base64] of Object.entries(objects)) {
        await writeFile(objectPath(objectId), Buffer.from(base64, 'base64'))
      }
    },
  }
}

async function* watch(
  content: AsyncIterable<Uint8Array>,
  seen: { bytes: number; head: Buffer; md5: ReturnType<typeof createHash> },
  maxFileBytes: number,
): AsyncIterable<Uint8Array> {
  for await (const chunk of content) {
    seen.bytes += chunk.byteLength
    if (seen.bytes > maxFileBytes) throw new FileTooLarge(`larger than ${maxFileBytes} bytes`)
    if (seen.head.length < HEAD_BYTES) {
      seen.head = Buffer.concat([seen.head, chunk.subarray(0, HEAD_BYTES)]).subarray(0, HEAD_BYTES)
    }
    seen.md5.update(chunk)
    yield chunk
  }
}

async function flush(path: string): Promise<void> {
  const file = await open(path, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}
