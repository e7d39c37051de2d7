import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type BuildOptions, type BuildResult, build, transform } from 'esbuild'
import { withEagerModules } from './eager-modules.ts'
import { SELDOM_FILE, type SeldomSources, sdkPartsPlugin } from './sdk-parts-plugin.ts'
import { seldomCode } from './seldom-code.ts'
import { sdkParts } from './unused-sdk-parts.ts'

export interface BundleTask {
  name: string
  /** Folder with index.ts and, if the function has one, config.json. */
  sourceDir: string
  /** Folder that is uploaded; it holds nothing but what this writes. */
  outDir: string
  /** Folder for `<name>.js.map`: maps are for reading stack traces at home and are not uploaded. */
  mapDir: string
}

export interface Bundle {
  name: string
  /** Everything that is uploaded, by file name. */
  sizesBytes: Record<string, number>
  /** Every file that went in, absolute. */
  inputs: string[]
}

/** Bundles one function into the folder that is uploaded: index.js, package.json, config.json, and seldom used SDK parts. */
export async function bundleFunction(task: BundleTask): Promise<Bundle> {
  const seldom: SeldomSources = new Map()
  return writeBundle(task, await build(bundleOptions(task, seldom)), seldom)
}

type BundleOptions = BuildOptions & { write: false; metafile: true }

function bundleOptions(task: BundleTask, seldom: SeldomSources): BundleOptions {
  return {
    entryPoints: [join(task.sourceDir, 'index.ts')],
    outfile: join(task.outDir, 'index.js'),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    legalComments: 'none',
    sourcemap: 'inline',
    sourcesContent: false,
    metafile: true,
    write: false,
    logLevel: 'silent',
    plugins: [sdkPartsPlugin(sdkParts, seldom)],
  }
}

async function writeBundle(
  task: BundleTask,
  result: BuildResult<BundleOptions>,
  seldom: SeldomSources,
): Promise<Bundle> {
  const { code, map } = await minified(result.outputFiles[0]?.text ?? '')
  const inputs = Object.keys(result.metafile.inputs).map((path) => resolve(path))
  const files: Record<string, string> = {
    'index.js': code,
    'package.json': packageJson(task.name),
    'config.json': await configJson(task),
  }
  if (seldom.size > 0) files[SELDOM_FILE] = await seldomCode(seldom)

  await mkdir(task.outDir, { recursive: true })
  await mkdir(task.mapDir, { recursive: true })
  for (const name of await readdir(task.outDir)) {
    if (!(name in files)) await rm(join(task.outDir, name), { recursive: true })
  }
  for (const [name, text] of Object.entries(files)) await replaceFile(join(task.outDir, name), text)
  await replaceFile(join(task.mapDir, `${task.name}.js.map`), map)

  const sizesBytes = Object.fromEntries(
    Object.entries(files).map(([name, text]) => [name, Buffer.byteLength(text)]),
  )
  return { name: task.name, sizesBytes, inputs }
}

/** A step of its own, because only the readable form shows where a module begins and ends. */
function minified(bundle: string): Promise<{ code: string; map: string }> {
  return transform(withEagerModules(bundle).code, {
    minify: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    legalComments: 'none',
    sourcemap: 'external',
    sourcesContent: false,
    sourcefile: 'index.js',
    logLevel: 'silent',
  })
}

/** Whole or not at all, and untouched when nothing changed: a running local cloud watches these files. */
async function replaceFile(path: string, text: string): Promise<void> {
  if (existsSync(path) && (await readFile(path, 'utf8')) === text) return
  await writeFile(`${path}.new`, text)
  await rename(`${path}.new`, path)
}

function packageJson(name: string): string {
  return `${JSON.stringify({ name, version: '1.0.0', private: true, main: 'index.js', dependencies: {} }, null, 2)}\n`
}

/** The platform's settings of the function; JSON is checked here, before an upload could refuse it. */
async function configJson({ name, sourceDir }: BundleTask): Promise<string> {
  const path = join(sourceDir, 'config.json')
  if (!existsSync(path)) return '{}\n'
  const text = await readFile(path, 'utf8')
  try {
    JSON.parse(text)
  } catch (cause) {
    throw new Error(`cloudfunctions/${name}/config.json is not JSON: ${String(cause)}`, { cause })
  }
  return text
}
