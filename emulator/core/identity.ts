import { createHash } from 'node:crypto'

/** The mini program that the local cloud plays; its openids are stable, so that data survives a restart. */
export const LOCAL_APPID = 'wxlocal0000000000'

/** The openid that `name` has in the mini program `appid`: 28 characters beginning with `o`, as WeChat's. */
export function openidOf(appid: string, name: string): string {
  return `o${createHash('sha256').update(`${appid}:${name}`).digest('base64url').slice(0, 27)}`
}

/** On whose behalf a function runs; what reaches it as `WX_*` environment variables. */
export interface Identity {
  /** Absent for timers and for calls from another function. */
  openid?: string
  appid: string
  unionid?: string
  clientIp?: string
  /** Of who calls through the web SDK, and has no openid. */
  web?: { uid: string; customUserId?: string; isAnonymous: boolean }
}

/** Who asks through a client SDK: bound by security rules, unlike functions and admin keys. */
export interface Client {
  appid: string
  /** Of mini programs. */
  openid?: string
  /** Of web logins. */
  uid?: string
  /** Of web logins; a mini program's requests have none (facts: CloudBase security rules, `auth`). */
  loginType?: 'ANONYMOUS' | 'CUSTOM' | 'USERNAME'
  unionid?: string
  clientIp?: string
}
