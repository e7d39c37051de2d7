import { createRequire } from 'node:module'
import type { StorageSdk } from '../conformance/storage/cases.ts'
import type { Database } from './mock-sdk/database.ts'
import type { AnyApi } from './mock-sdk/proxy.ts'

/** The part of the real `wx-server-sdk` that the conformance tests use. */
export interface RealSdk extends StorageSdk {
  DYNAMIC_CURRENT_ENV: symbol
  init(options: { env: string | symbol }): void
  database(options?: Record<string, unknown>): Database
  openapi: AnyApi
  cloudPay: AnyApi
  callFunction(call: { name: string; data?: object }): Promise<unknown>
  callOpenAPI(call: { api: string; data?: object }): Promise<unknown>
  getOpenData(call: { list: string[] }): Promise<unknown>
  getVoIPSign(call: { groupId: string; timestamp: number; nonce: string }): Promise<unknown>
  getCloudCallSign(call: { parameterList: string[] }): Promise<unknown>
}

/** Loads the real, unmodified SDK into this process, with the variables that point it at a local cloud. */
export function loadRealSdk(environment: Record<string, string>): RealSdk {
  Object.assign(process.env, environment)
  // `require` takes the package itself, past every alias of the tests. Its own types leave most things `any`.
  const sdk: RealSdk = createRequire(import.meta.url)('wx-server-sdk')
  sdk.init({ env: sdk.DYNAMIC_CURRENT_ENV })
  return sdk
}
