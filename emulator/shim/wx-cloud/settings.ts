import { host } from './host.ts'

export interface Settings {
  /** `http://127.0.0.1:9527` */
  url: string
  /** Who is signed in: any name is a user. */
  user: string
}

let chosen: Partial<Settings> = {}

/** Where this file was loaded from, which is the local cloud itself when a page loads it by address. */
const loadedFrom = host.document?.currentScript?.src

/** Says where the local cloud is and who the user is; what is left out stays as it was. */
export function configure(settings: Partial<Settings>): void {
  chosen = { ...chosen, ...settings }
}

/**
 * The first that says so: `configure()`, `__cloudbase_emulator__`, storage (`cloudbase-emulator-url`, `…-user`), and
 * then where this file came from, and the first demo user. Asked at every call, so that a page may change the user.
 */
export function currentSettings(): Settings {
  const named = host.__cloudbase_emulator__ ?? {}
  return {
    url: chosen.url ?? named.url ?? stored('cloudbase-emulator-url') ?? originOf(loadedFrom),
    user: chosen.user ?? named.user ?? stored('cloudbase-emulator-user') ?? 'buyer1',
  }
}

function originOf(address: string | undefined): string {
  return /^https?:\/\/[^/]+/.exec(address ?? '')?.[0] ?? 'http://127.0.0.1:9527'
}

function stored(key: string): string | undefined {
  const value = host.wx?.getStorageSync ? host.wx.getStorageSync(key) : host.localStorage?.getItem(key)
  return typeof value === 'string' && value !== '' ? value : undefined
}
