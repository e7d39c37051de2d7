/** The file at `/client/wx-cloud.js`: the folder `wx-cloud` as one script for pages, mini programs and Node. */
import { join } from 'node:path'
import { build } from 'esbuild'

/** `wx` of a mini program is no property of its global object, and not every one has `globalThis`. */
const GLOBALS = `var hostGlobal = typeof globalThis === 'object' ? globalThis : { Object: Object };
if (typeof wx === 'object' && !hostGlobal.wx) hostGlobal = Object.assign(Object.create(hostGlobal), { wx: wx });`

const EXPORTS = `if (typeof module === 'object' && module.exports) {
  module.exports = Object.assign(wxCloudShim.createWxCloud, wxCloudShim)
} else wxCloudShim.installIfMissing()`

export interface Shim {
  /** Built when first asked for, and again when that failed. */
  script(): Promise<string>
}

export function createShim(): Shim {
  let script: Promise<string> | undefined
  return {
    script() {
      script ??= bundle().catch((error: unknown) => {
        script = undefined
        throw error
      })
      return script
    },
  }
}

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'wx-cloud/entry.ts')],
    bundle: true,
    write: false,
    minify: true,
    platform: 'browser',
    // What WeChat runs without translation.
    target: 'es2018',
    format: 'iife',
    globalName: 'wxCloudShim',
    // Packages look for the global object by these names, and, where they find none, by `Function()`, which WeChat forbids.
    define: { globalThis: 'hostGlobal', global: 'hostGlobal', self: 'hostGlobal', window: 'hostGlobal' },
    banner: { js: GLOBALS },
    footer: { js: EXPORTS },
  })
  const [file] = outputFiles
  if (!file) throw new Error('esbuild gave no script')
  return file.text
}
