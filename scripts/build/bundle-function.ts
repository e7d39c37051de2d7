import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { type BuildOptions, type BuildResult, build, type Metafile, transform } from 'esbuild'
import { withEagerModules } from './eager-modules.ts'
import { SELDOM_FILE, type SeldomSources, sdkPartsPlugin } from './sdk-parts-plugin.ts'
import { seldomCode } from './seldom-code.ts'
import { type CompiledFile, START_FILE, startFile, stubOf } from './start-file.ts'
import { sdkParts } from './unused-sdk-parts.ts'

export interface BundleTask {
  name: string
  /** Folder with index.ts and, if the function has one, config.json. */
  sourceDir: string
  /** Folder that is uploaded; it holds nothing but what this writes. */
  outDir: string
  /** Folder for `<name>.<file>.map`: maps are for reading stack traces at home and are not uploaded. */
  mapDir: string
}

export interface Bundle {
  name: string
  /** Everything that is uploaded, by file name. */
  sizesBytes: Record<string, number>
  /** Of that, what every start reads: index.js, and start.js with the parts that it asks for at once. */
  startBytes: number
  /** Every file that went in, absolute. */
  inputs: string[]
}

const MAIN_FILE = 'index.js'

/** Bundles one function into the folder that is uploaded: index.js, package.json, config.json, and seldom used SDK parts. */
export async function bundleFunction(task: BundleTask): Promise<Bundle> {
  const seldom: SeldomSources = new Map()
  return writeBundle(task, await build(bundleOptions(task, seldom)), seldom)
}

type BundleOptions = BuildOptions & { write: false; metafile: true }

function bundleOptions(task: BundleTask, seldom: SeldomSources): BundleOptions {
  return {
    entryPoints: { index: join(task.sourceDir, 'index.ts') },
    outdir: task.outDir,
    chunkNames: 'part-[hash]',
    bundle: true,
    // What is imported when it is needed gets a file of its own, which esbuild can do with ES modules only; `toCommonJs`
    // then makes of each file what the platform's runtime takes.
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
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
  const inputs = Object.keys(result.metafile.inputs).map((path) => resolve(path))
  const files: Record<string, string> = {
    'package.json': packageJson(task.name),
    'config.json': await configJson(task),
  }
  await mkdir(task.mapDir, { recursive: true })
  const atStart = new Map<string, CompiledFile>()
  const startNames = filesAtStart(result.metafile)
  for (const { path, text } of result.outputFiles) {
    const name = basename(path)
    const compiled = await toCommonJs(text, name)
    if (startNames.includes(name)) {
      atStart.set(name, compiled)
      files[name] = stubOf(name)
    } else {
      files[name] = compiled.code
      await replaceFile(mapPath(task, name), compiled.map)
    }
  }
  const start = startFile(atStart)
  files[START_FILE] = start.code
  await replaceFile(mapPath(task, START_FILE), start.map)
  if (seldom.size > 0) files[SELDOM_FILE] = await seldomCode(seldom)

  await mkdir(task.outDir, { recursive: true })
  // What the main file asks for is there before it, and what nothing asks for any more goes after it.
  const names = Object.keys(files).sort((a, b) => Number(a === MAIN_FILE) - Number(b === MAIN_FILE))
  for (const name of names) await replaceFile(join(task.outDir, name), files[name] ?? '')
  for (const name of await readdir(task.outDir)) {
    if (!(name in files)) await rm(join(task.outDir, name), { recursive: true })
  }

  const sizesBytes = Object.fromEntries(
    Object.entries(files).map(([name, text]) => [name, Buffer.byteLength(text)]),
  )
  const startBytes = (sizesBytes[START_FILE] ?? 0) + (sizesBytes[MAIN_FILE] ?? 0)
  return { name: task.name, sizesBytes, startBytes, inputs }
}

function mapPath({ mapDir, name }: BundleTask, file: string): string {
  return join(mapDir, `${name}.${file}.map`)
}

/** The main file and the parts that it imports at once, directly or by way of others. */
function filesAtStart({ outputs }: Metafile): string[] {
  const found = Object.keys(outputs).filter((path) => basename(path) === MAIN_FILE)
  for (const path of found) {
    for (const { path: part, kind } of outputs[path]?.imports ?? []) {
      if (kind === 'import-statement' && !found.includes(part)) found.push(part)
    }
  }
  return found.map((path) => basename(path))
}

/** A step of its own, because only the readable form shows where a module begins and ends. */
function toCommonJs(bundle: string, sourcefile: string): Promise<CompiledFile> {
  return transform(withEagerModules(bundle).code, {
    minify: true,
    format: 'cjs',
    // A part is required when it is needed: the loader of ES modules would take longer than the part.
    supported: { 'dynamic-import': false },
    platform: 'node',
    target: 'node20',
    legalComments: 'none',
    sourcemap: 'external',
    sourcesContent: false,
    sourcefile,
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
