import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import * as z from 'zod'

/** What cloudbaserc.json says about a function. */
export interface FunctionSettings {
  timeoutMs?: number
  memoryMb?: number
  initTimeoutMs?: number
  handler?: string
  variables?: Record<string, string>
  trigger?: TimerTrigger
  isHttp?: boolean
}

export interface TimerTrigger {
  name: string
  /** Cron expression of seven fields. */
  cron: string
  /** Where it is written, for who has to mend it. */
  file?: string
}

export interface FunctionDefinition {
  name: string
  dir: string
  entry: string
  exportName: string
  timeoutMs: number
  memoryMb: number
  initTimeoutMs: number
  variables: Record<string, string>
  /** Open APIs that it may call: config.json `permissions.openapi`. */
  openApis: string[]
  trigger: TimerTrigger | undefined
  /** A web server instead of a handler. */
  isHttp: boolean
  /** Changes when a file of the function changes. */
  fingerprint: string
}

export type Lookup =
  | { found: true; definition: FunctionDefinition }
  | { found: false; reason: 'unknown' | 'broken'; message: string }

/** The functions in a folder, read again when their files change. */
export interface Catalogue {
  find(name: string): Lookup
  list(): FunctionDefinition[]
}

const DEFAULT_TIMEOUT_MS = 3_000
const DEFAULT_MEMORY_MB = 256
const DEFAULT_INIT_TIMEOUT_MS = 10_000

/** Files beside the main one are looked at again only this often; the main one at every call. */
const FULL_CHECK_EVERY_MS = 500

const functionName = /^[A-Za-z][A-Za-z0-9_-]{0,59}$/

const triggerName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]{0,59}$/, 'a name has 1 to 60 of A-Z a-z 0-9 _ -, and begins with a letter')

const configFile = z.object({
  permissions: z.object({ openapi: z.array(z.string()).default([]) }).optional(),
  triggers: z
    .array(z.object({ name: triggerName, type: z.literal('timer').default('timer'), config: z.string() }))
    .max(1, 'a function has one trigger at most')
    .optional(),
})

export function createCatalogue(
  functionsDir: string,
  settingsOf: (name: string) => FunctionSettings,
  /** Hears, at each listing, of folders that are meant to be functions and cannot be. */
  onBroken: (name: string, message: string) => void = () => {},
): Catalogue {
  const known = new Map<string, { main: string; checkedMs: number; definition: FunctionDefinition }>()

  function find(name: string): Lookup {
    const dir = join(functionsDir, name)
    if (!functionName.test(name) || !isFolder(dir)) {
      return {
        found: false,
        reason: 'unknown',
        message: `FunctionName parameter could not be found: ${name}`,
      }
    }
    const settings = settingsOf(name)
    const { mainFile, exportName } = readHandler(settings.handler ?? 'index.main')
    const bootstrap = join(dir, 'scf_bootstrap')
    const isHttp = settings.isHttp === true || existsSync(bootstrap)
    const entry = [...['.js', '.cjs', '.mjs'].map((end) => join(dir, mainFile + end)), bootstrap].find(
      (path) => existsSync(path),
    )
    if (!entry) {
      const message = `${name} has no ${mainFile}.js in ${dir}: write it, or build the functions (npm run build)${otherMain(dir)}`
      return { found: false, reason: 'broken', message }
    }
    const main =
      ['config.json', 'package.json'].map((file) => stampOf(join(dir, file))).join() + stampOf(entry)
    const before = known.get(name)
    if (before?.main === main && performance.now() - before.checkedMs < FULL_CHECK_EVERY_MS) {
      return { found: true, definition: before.definition }
    }
    const config = readConfig(join(dir, 'config.json'))
    if (!config.success) {
      const message = `config.json of ${name} (${join(dir, 'config.json')}): ${config.message}`
      return { found: false, reason: 'broken', message }
    }
    const trigger = config.data.triggers?.[0]
    const definition: FunctionDefinition = {
      name,
      dir,
      entry,
      exportName,
      timeoutMs: settings.timeoutMs ?? DEFAULT_TIMEOUT_MS,
      memoryMb: settings.memoryMb ?? DEFAULT_MEMORY_MB,
      initTimeoutMs: settings.initTimeoutMs ?? DEFAULT_INIT_TIMEOUT_MS,
      variables: settings.variables ?? {},
      openApis: config.data.permissions?.openapi ?? [],
      trigger: trigger
        ? { name: trigger.name, cron: trigger.config, file: join(dir, 'config.json') }
        : settings.trigger,
      isHttp,
      fingerprint: main + stampsBelow(dir),
    }
    known.set(name, { main, checkedMs: performance.now(), definition })
    return { found: true, definition }
  }

  return {
    find,
    list() {
      if (!isFolder(functionsDir)) return []
      return readdirSync(functionsDir)
        .filter((name) => name !== 'node_modules')
        .flatMap((name) => {
          const lookup = find(name)
          if (lookup.found) return [lookup.definition]
          // A folder without one may hold what functions share.
          const isMeant = lookup.reason === 'broken' && existsSync(join(functionsDir, name, 'config.json'))
          if (isMeant) onBroken(name, lookup.message)
          return []
        })
    },
  }
}

/** The platform starts a function by its handler, whatever package.json says. */
function otherMain(dir: string): string {
  const path = join(dir, 'package.json')
  if (!existsSync(path)) return ''
  const { main } = Object(parseJson(readFileSync(path, 'utf8')))
  if (typeof main !== 'string' || !existsSync(join(dir, main))) return ''
  const handler = `${main.replace(/^\.\//, '').replace(/\.[cm]?js$/, '')}.main`
  return `; "main" in package.json is not looked at: set "handler": "${handler}" in cloudbaserc.json`
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // not our file to complain about
  }
}

/** `index.main`, or deeper: `src/index.main`. */
function readHandler(handler: string): { mainFile: string; exportName: string } {
  const dot = handler.lastIndexOf('.')
  return dot < 0
    ? { mainFile: handler, exportName: 'main' }
    : { mainFile: handler.slice(0, dot), exportName: handler.slice(dot + 1) }
}

type Config = { success: true; data: z.output<typeof configFile> } | { success: false; message: string }

/** Editors on Windows put one in front; the platform reads past it. */
const BYTE_ORDER_MARK = /^\uFEFF/

function readConfig(path: string): Config {
  if (!existsSync(path)) return { success: true, data: {} }
  try {
    const parsed = configFile.safeParse(JSON.parse(readFileSync(path, 'utf8').replace(BYTE_ORDER_MARK, '')))
    return parsed.success ? parsed : { success: false, message: z.prettifyError(parsed.error) }
  } catch (error) {
    return { success: false, message: error instanceof Error ? error.message : String(error) }
  }
}

function stampsBelow(dir: string): string {
  return readdirSync(dir, { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules' && !name.startsWith('.'))
    .map((entry) => {
      const path = join(dir, entry.name)
      return entry.isDirectory() ? stampsBelow(path) : `${basename(path)}@${stampOf(path)}`
    })
    .join()
}

/** Nanoseconds: two writes in one millisecond are two versions. */
function stampOf(path: string): string {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false })
  return stat ? `${stat.mtimeNs}/${stat.size}/${stat.ino}` : '-'
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}
