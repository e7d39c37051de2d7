/** What the served file offers; `build.ts` says how each surrounding gets it. */
import { createWxCloud, type WxCloud } from './cloud.ts'
import { host } from './host.ts'
import { configure, type Settings } from './settings.ts'

export { configure, createWxCloud }

/** Puts it in the place of `wx.cloud` and gives it; for `app.js`, before anything uses `wx.cloud`. */
export function install(settings: Partial<Settings> = {}): WxCloud {
  configure(settings)
  const cloud = createWxCloud()
  host.wx ??= {}
  // A base library lets nobody assign to `wx.cloud`, but its property can be defined anew.
  Object.defineProperty(host.wx, 'cloud', { value: cloud, configurable: true, writable: true })
  return cloud
}

/** In a page that has none: `wx.cloud`. */
export function installIfMissing(): void {
  if (!host.wx?.cloud) install()
}
