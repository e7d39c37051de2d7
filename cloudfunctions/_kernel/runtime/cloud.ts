import sdk from 'wx-server-sdk'

/**
 * The part of `wx-server-sdk` that the kernel and the capabilities use, with types that say what really comes back
 * (the package's own leave most of it `any`). Source: wx-server-sdk 4.0.2 `index.js`.
 */
export interface Cloud {
  init(options: { env: string | symbol; throwOnNotFound?: boolean }): void
  DYNAMIC_CURRENT_ENV: symbol
  getWXContext(): WxContext
  database(options: { throwOnNotFound: boolean }): SdkDatabase
  callFunction(call: {
    name: string
    data: object
    timeout?: number
  }): Promise<{ result: unknown; requestID: string }>
  /** `openapi.a.b(data)`: keys travel camelCase to snake_case and back; a refusal of WeChat throws with `errCode`. */
  openapi: Record<string, Record<string, (data: object) => Promise<Record<string, unknown>>>>
  /** Resolves also when the business failed: read `returnCode` and `resultCode`. */
  cloudPay: Record<string, (data: object) => Promise<Record<string, unknown>>>
  uploadFile(file: { cloudPath: string; fileContent: Buffer }): Promise<{ fileID: string }>
  downloadFile(file: { fileID: string }): Promise<{ fileContent: Buffer }>
  getTempFileURL(files: {
    fileList: string[]
  }): Promise<{ fileList: { fileID: string; tempFileURL: string; status: number; errMsg: string }[] }>
  deleteFile(files: { fileList: string[] }): Promise<{ fileList: { fileID: string; status: number }[] }>
}

export interface WxContext {
  OPENID?: string
  APPID?: string
  UNIONID?: string
  ENV?: string
  SOURCE?: string
  CLIENTIP?: string
  FROM_OPENID?: string
}

export interface SdkDatabase {
  collection(name: string): SdkCollection
  command: Command
  serverDate(options?: { offset: number }): unknown
  RegExp(options: { regexp: string; options?: string }): unknown
  createCollection(name: string): Promise<unknown>
  startTransaction(): Promise<SdkTransaction>
}

export interface SdkCollection extends SdkQuery {
  doc(id: string | number): SdkDocument
  add(options: { data: object }): Promise<{ _id: string }>
  aggregate(): SdkAggregate
}

export interface SdkQuery {
  where(condition: object): SdkQuery
  orderBy(field: string, direction: 'asc' | 'desc'): SdkQuery
  limit(count: number): SdkQuery
  skip(count: number): SdkQuery
  field(projection: Record<string, boolean>): SdkQuery
  get(): Promise<{ data: unknown[] }>
  count(): Promise<{ total: number }>
  update(options: { data: object }): Promise<{ stats: { updated: number } }>
  remove(): Promise<{ stats: { removed: number } }>
}

export interface SdkDocument {
  get(): Promise<{ data: unknown }>
  set(options: { data: object }): Promise<unknown>
  update(options: { data: object }): Promise<{ stats: { updated: number } }>
  remove(): Promise<{ stats: { removed: number } }>
}

export interface SdkAggregate {
  match(condition: object): SdkAggregate
  group(group: object): SdkAggregate
  sort(order: object): SdkAggregate
  limit(count: number): SdkAggregate
  project(projection: object): SdkAggregate
  addFields(fields: object): SdkAggregate
  lookup(lookup: object): SdkAggregate
  unwind(path: string | object): SdkAggregate
  end(): Promise<{ list: unknown[] }>
}

/** Single documents, and reads of several: what the SDK really runs inside the transaction. */
export interface SdkTransaction {
  collection(name: string): {
    doc(id: string | number): SdkDocument
    add(options: { data: object }): Promise<unknown>
    where(condition: object): Pick<SdkQuery, 'orderBy'>
  }
  commit(): Promise<unknown>
  rollback(reason?: unknown): Promise<unknown>
}

/** `db.command`: operators for conditions and changes. */
export interface Command {
  eq(value: unknown): Operator
  neq(value: unknown): Operator
  gt(value: unknown): Operator
  gte(value: unknown): Operator
  lt(value: unknown): Operator
  lte(value: unknown): Operator
  in(values: readonly unknown[]): Operator
  nin(values: readonly unknown[]): Operator
  exists(present: boolean): Operator
  all(values: readonly unknown[]): Operator
  elemMatch(condition: unknown): Operator
  /** Nearest first; needs a `2dsphere` index. */
  geoNear(near: { geometry: { toJSON(): object }; minDistance: number; maxDistance: number }): Operator
  and(...conditions: unknown[]): Operator
  or(...conditions: unknown[]): Operator
  set(value: unknown): Operator
  remove(): Operator
  inc(by: number): Operator
  mul(by: number): Operator
  max(value: unknown): Operator
  min(value: unknown): Operator
  push(values: unknown): Operator
  addToSet(value: unknown): Operator
  pull(condition: unknown): Operator
}

/** A condition or a change made by `Command`; opaque to everybody but the SDK. */
export type Operator = { readonly __operator: never } & {
  and(other: Operator): Operator
  or(other: Operator): Operator
}

// The package's types are a subset of the truth, so the compiler cannot compare the two.
export const cloud = sdk as unknown as Cloud

cloud.init({ env: cloud.DYNAMIC_CURRENT_ENV })

export const sdkDatabase: SdkDatabase = cloud.database({ throwOnNotFound: false })

/** `db.command`. */
export const command: Command = sdkDatabase.command
