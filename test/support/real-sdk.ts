import { createRequire } from 'node:module'
import { LOCAL_APPID } from '../../emulator/core/identity.ts'
import { MOCK_ENV } from './mock-sdk/cloud.ts'
import type { Database } from './mock-sdk/database.ts'

/** The part of the real `wx-server-sdk` that the conformance tests use. */
export interface RealSdk {
  init(options: { env: string | symbol }): void
  database(options?: Record<string, unknown>): Database
  getWXContext(): Record<string, unknown>
}

/** Loads the real, unmodified SDK in this process, pointed at `url` by the variables that the platform sets. */
export function loadRealSdk(url: string): RealSdk {
  Object.assign(process.env, {
    TENCENTCLOUD_RUNENV: 'SCF',
    TENCENTCLOUD_REGION: 'ap-shanghai',
    TENCENTCLOUD_SECRETID: 'local',
    TENCENTCLOUD_SECRETKEY: 'local',
    SCF_NAMESPACE: MOCK_ENV,
    TCB_ENV: MOCK_ENV,
    TCB_CONTEXT_KEYS: 'TCB_ENV,TCB_SOURCE',
    TCB_CONTEXT_CNFG: JSON.stringify({ URL: url }),
    TCB_SOURCE: 'wx_client',
    WX_CONTEXT_KEYS: 'WX_OPENID,WX_APPID,WX_API_TOKEN',
    WX_APPID: LOCAL_APPID,
    WX_API_TOKEN: 'local',
  })
  // `require` takes the package itself, past every alias of the tests. Its types leave most things `any`.
  const sdk: RealSdk = createRequire(import.meta.url)('wx-server-sdk')
  sdk.init({ env: MOCK_ENV })
  return sdk
}
