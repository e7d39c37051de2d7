import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Plugin, PluginBuild } from 'esbuild'
import type { CutPart, PatchedPart, SdkPart, SeldomPart } from './unused-sdk-parts.ts'
import { withoutWebpackModule } from './webpack-module.ts'

const TABLE = 'scripts/build/unused-sdk-parts.ts'
const STUBS_DIR = join(import.meta.dirname, 'sdk-stubs')

/** Uploaded beside index.js: the parts that are seldom used, so that a start need not even read them. */
export const SELDOM_FILE = 'sdk-seldom.js'

/** The seldom parts that a bundle left to SELDOM_FILE, by their key in it. */
export type SeldomSources = Map<string, { code: string; resolveDir: string }>

/** Applies the table of unused SDK parts to a bundle, and notes what the bundle expects in SELDOM_FILE. */
export function sdkPartsPlugin(parts: readonly SdkPart[], seldom: SeldomSources): Plugin {
  return {
    name: 'sdk-parts',
    setup(build) {
      resolveStubs(build)
      build.onLoad({ filter: /[\\/]node_modules[\\/]/ }, async ({ path }) => {
        const rows = parts.filter((part) => isIn(part, path))
        if (rows.length === 0) return undefined
        const contents = await contentsFor(rows, path, seldom)
        return { contents, loader: 'js', resolveDir: dirname(path) }
      })
    },
  }
}

/** The names that the texts below import. */
export function resolveStubs(build: PluginBuild): void {
  build.onResolve({ filter: /^sdk-stub:/ }, ({ path }) => ({
    path: join(STUBS_DIR, `${path.slice('sdk-stub:'.length)}.cjs`),
  }))
  build.onResolve({ filter: /^sdk-seldom$/ }, () => ({ path: `./${SELDOM_FILE}`, external: true }))
}

/** Whether a file lies in a part; nested `node_modules` count like the outer one. */
function isIn(part: SdkPart, path: string): boolean {
  const inPackages =
    path
      .split(/[\\/]node_modules[\\/]/)
      .at(-1)
      ?.replaceAll('\\', '/') ?? ''
  return part.files.some((file) => (file.endsWith('/') ? inPackages.startsWith(file) : inPackages === file))
}

async function contentsFor(rows: SdkPart[], path: string, seldom: SeldomSources): Promise<string> {
  let source = await readFile(path, 'utf8')
  for (const row of rows) {
    if (row.treatment === 'cut') source = refusal(row, source)
    if (row.treatment === 'patch') source = patched(row, path, source)
    if (row.treatment === 'seldom') source = fetchedWhenUsed(row, path, source, seldom)
  }
  return source
}

function refusal(part: CutPart, source: string): string {
  const message =
    `${part.usedBy}: not in this function's bundle, because ${part.why}. ` +
    `To use it, delete the row '${part.files[0]}' in ${TABLE} and build again.`
  const calledAtStart = JSON.stringify(part.calledAtStart ?? [])
  const stub = `refusing(${JSON.stringify(message)}, ${calledAtStart})`
  const exported = exportedNames(source)
  if (exported.length === 0) return `const refusing = require('sdk-stub:refusing'); module.exports = ${stub}`
  const members = exported.map((name) => `export function ${name}(...args) { return part.${name}(...args) }`)
  return [
    `import refusing from 'sdk-stub:refusing'`,
    `const part = /* @__PURE__ */ ${stub}`,
    ...members,
  ].join('\n')
}

/** What an ES module exports by name; a CommonJS module has none of these. */
function exportedNames(source: string): string[] {
  const declared = source.matchAll(/^export (?:async )?(?:function|const|class) ([\w$]+)/gm)
  const renamed = source.matchAll(/^export \{ [\w$]+ as ([\w$]+) \}/gm)
  return [...declared, ...renamed].flatMap(([, name]) => (name === undefined ? [] : [name]))
}

function patched(part: PatchedPart, path: string, source: string): string {
  try {
    return part.patch(source)
  } catch (cause) {
    throw new Error(`${path} does not fit its row '${part.files[0]}' in ${TABLE}: ${String(cause)}`, {
      cause,
    })
  }
}

function fetchedWhenUsed(part: SeldomPart, path: string, source: string, seldom: SeldomSources): string {
  const resolveDir = dirname(path)
  if (part.webpackModules === undefined) {
    const key = part.files[0] ?? path
    seldom.set(key, { code: `module.exports = require(${JSON.stringify(path)})`, resolveDir })
    return standIn(key)
  }
  return part.webpackModules.reduce((text, moduleName) => {
    const key = `${part.files[0]}#${moduleName}`
    const { rest, body } = withoutWebpackModule(text, moduleName, standIn(key))
    seldom.set(key, { code: body, resolveDir })
    return rest
  }, source)
}

function standIn(key: string): string {
  return `module.exports = require('sdk-stub:lazy')(() => require('sdk-seldom')[${JSON.stringify(key)}]())`
}
