import { Database } from './database.ts'
import * as functions from './functions.ts'
import * as storage from './storage.ts'
import * as wechat from './wechat.ts'

/**
 * `wx-server-sdk` 4.0.2 in process. Tests put it in the package's place (`resolve.alias` in the vitest settings);
 * `control.ts` says which cloud it talks to and for whom.
 */
export const version = '4.0.2'

let initOptions: Record<string, unknown> | undefined

/** A second `init` is ignored, as in the SDK. */
export function init(options: Record<string, unknown> = {}): void {
  initOptions ??= options
}

export function updateConfig(options: Record<string, unknown> = {}): void {
  initOptions = options
}

/** node-sdk's `SYMBOL_CURRENT_ENV`. */
export const DYNAMIC_CURRENT_ENV = Symbol.for('SYMBOL_CURRENT_ENV')

export function database(options: Record<string, unknown> = {}): Database {
  functions.assertInited(initOptions !== undefined)
  return new Database(options, initOptions ?? {})
}

/** Only objects; without the platform's log they go to the console. */
export function logger() {
  const write = (level: 'log' | 'info' | 'warn' | 'error') => (line: object) => console[level](line)
  return { log: write('log'), info: write('info'), warn: write('warn'), error: write('error') }
}

export const callFunction = afterInit(functions.callFunction)
export const uploadFile = afterInit(storage.uploadFile)
export const downloadFile = afterInit(storage.downloadFile)
export const getTempFileURL = afterInit(storage.getTempFileURL)
export const deleteFile = afterInit(storage.deleteFile)
export const getOpenData = afterInit(wechat.getOpenData)
export const getVoIPSign = afterInit(wechat.getVoIPSign)
export const getCloudCallSign = afterInit(wechat.getCloudCallSign)
export const callOpenAPI = afterInit(wechat.callOpenAPI)
export const getWXContext = afterInit(functions.getWXContext)
export const openapi = wechat.openapi
export const cloudPay = wechat.cloudPay

/** The rest of the SDK's surface: nobody here uses it, and a use says what to do. */
export const signature = notMocked('signature')
export const ai = notMocked('ai')
export const Cloud = notMocked('Cloud')
export const createNewInstance = notMocked('createNewInstance')
export const registerService = notMocked('registerService')

function notMocked(name: string): () => never {
  return () => {
    throw new Error(
      `the mocked SDK has no ${name}: write it in test/support/mock-sdk from the SDK's own code`,
    )
  }
}

function afterInit<A extends unknown[], R>(call: (...args: A) => R): (...args: A) => R {
  return (...args) => {
    functions.assertInited(initOptions !== undefined)
    return call(...args)
  }
}

export default {
  version,
  init,
  updateConfig,
  DYNAMIC_CURRENT_ENV,
  database,
  logger,
  callFunction,
  uploadFile,
  downloadFile,
  getTempFileURL,
  deleteFile,
  getOpenData,
  getWXContext,
  openapi,
  cloudPay,
  callOpenAPI,
  getVoIPSign,
  getCloudCallSign,
  signature,
  ai,
  Cloud,
  createNewInstance,
  registerService,
}
