import type { Emulator } from '../../emulator/index.ts'
import type { Database } from '../support/mock-sdk/database.ts'
import type { AnyApi } from '../support/mock-sdk/proxy.ts'
import type { StoredDoc } from '../support/raw-collection.ts'

/** What the SDKs of all years offer in common, in the words of wx-server-sdk. */
export interface Cloud {
  database(): Database
  callFunction(call: { name: string; data?: object }): Promise<{ result: unknown }>
  uploadFile(file: { cloudPath: string; fileContent: Buffer }): Promise<{ fileID: string }>
  downloadFile(file: { fileID: string }): Promise<{ fileContent: Buffer }>
  getTempFileURL(files: { fileList: string[] }): Promise<{ fileList: { tempFileURL: string }[] }>
  deleteFile(files: { fileList: string[] }): Promise<{ fileList: unknown[] }>
  /** Only in wx-server-sdk. */
  openapi?: AnyApi
}

/** One call as programs write it; what it gives must be the same whatever SDK it is written with. */
export interface GenerationCase {
  /** A sentence that says the fact. */
  name: string
  /** Documents of collection `items` beforehand. */
  items?: readonly StoredDoc[]
  /** Documents of a second collection, `others`. */
  others?: readonly StoredDoc[]
  indexes?: Parameters<Emulator['database']['ensureIndexes']>[1]
  run(items: ReturnType<Database['collection']>, _: Database['command'], tools: Tools): unknown
  returns?: unknown
  /** What the error's text contains, in its errMsg or message. */
  fails?: RegExp
  /** All of `items` afterwards, in order of `_id`. */
  leaves?: readonly StoredDoc[]
}

export interface Tools {
  db: Database
  cloud: Cloud
}

/** Where the cloud's clock stands. */
export const NOW_MS = Date.UTC(2021, 4, 1, 12)
