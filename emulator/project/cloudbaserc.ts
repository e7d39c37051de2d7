import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { parseJsonText } from './json-file.ts'

/** What cloudbaserc.json says about one function; read as leniently as the `tcb` CLI does. */
export interface FunctionEntry {
  timeoutMs?: number
  memoryMb?: number
  initTimeoutMs?: number
  handler?: string
  variables?: Record<string, string>
  trigger?: { name: string; cron: string; file: string }
  /** A web server on port 9000 instead of a handler. */
  isHttp?: boolean
}

export interface Cloudbaserc {
  functionRoot: string | undefined
  functions: ReadonlyMap<string, FunctionEntry>
}

/** The CLI forwards numbers written as text. */
const number = z.coerce.number().positive()
const settings = z.object({
  timeout: number.max(900).optional(),
  memorySize: number.max(3_072).optional(),
  initTimeout: number.optional(),
  handler: z.string().optional(),
  type: z.string().optional(),
  envVariables: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String))
    .optional(),
  triggers: z.array(z.object({ name: z.string(), config: z.string() })).optional(),
})
const entry = settings.extend({ name: z.string(), config: settings.optional() })
const file = z.object({
  functionRoot: z.string().optional(),
  functions: z.array(entry).default([]),
})

export function readCloudbaserc(dir: string, variables: Record<string, string | undefined>): Cloudbaserc {
  const path = join(dir, 'cloudbaserc.json')
  if (!existsSync(path)) return { functionRoot: undefined, functions: new Map() }
  const text = fillIn(readFileSync(path, 'utf8'), { ...dotEnv(dir), ...defined(variables) })
  const { functionRoot, functions } = parseJsonText(path, text, file)
  return {
    functionRoot,
    functions: new Map(functions.map((one) => [one.name, toEntry(one, path)])),
  }
}

function toEntry({ config, ...own }: z.output<typeof entry>, file: string): FunctionEntry {
  const { timeout, memorySize, initTimeout, handler, type, envVariables, triggers } = { ...own, ...config }
  const trigger = triggers?.[0]
  return {
    timeoutMs: timeout === undefined ? undefined : timeout * 1_000,
    memoryMb: memorySize,
    initTimeoutMs: initTimeout === undefined ? undefined : initTimeout * 1_000,
    handler,
    variables: envVariables,
    trigger: trigger && { name: trigger.name, cron: trigger.config, file },
    isHttp: type?.toUpperCase() === 'HTTP',
  }
}

/** The CLI's templates: `{{env.NAME}}`. A name that nobody sets becomes nothing, as there. */
function fillIn(text: string, variables: Record<string, string>): string {
  // The value goes into a JSON text, mostly between quotes: its own quotes must not end them.
  return text.replace(/\{\{\{?\s*env\.(\w+)\s*\}?\}\}/g, (_, name: string) =>
    JSON.stringify(variables[name] ?? '').slice(1, -1),
  )
}

/** Later files win: what belongs to this machine, then what belongs to the local cloud. */
function dotEnv(dir: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const name of ['.env', '.env.local', '.env.emulator']) {
    const path = join(dir, name)
    if (existsSync(path)) Object.assign(found, parseDotEnv(readFileSync(path, 'utf8')))
  }
  return found
}

function parseDotEnv(text: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const line of text.split(/\r?\n/)) {
    const [, name, raw = ''] = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/.exec(line) ?? []
    if (name === undefined) continue
    const [, quoted] = /^(?:"(.*)"|'.*'|`.*`)$/.exec(raw) ?? []
    if (quoted !== undefined) found[name] = quoted.replaceAll('\\n', '\n')
    else if (/^(['`]).*\1$/.test(raw)) found[name] = raw.slice(1, -1)
    else found[name] = raw.replace(/\s+#.*$/, '')
  }
  return found
}

function defined(variables: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}
