import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'

/** What a deployment sends: for each function its settings and its files, and the command that sends them. */
export interface DeployPlan {
  envId: string
  /** The configuration that the tcb CLI reads; see `configFile`. */
  config: Record<string, unknown>
  /** From the root of the repository. */
  configFile: string
  functions: PlannedFunction[]
  /** Variables that the functions want and nobody has set; their placeholders still stand in `settings`. */
  missing: string[]
}

export interface PlannedFunction {
  name: string
  settings: FunctionSettings
  files: { name: string; sizeBytes: number; sha256: string }[]
  /** Arguments of `tcb`. */
  command: string[]
}

/** A reason not to deploy that the operator can do something about. */
export class CannotDeploy extends Error {}

const functionSettings = z.looseObject({
  name: z.string(),
  envVariables: z.record(z.string(), z.string()).optional(),
})
type FunctionSettings = z.output<typeof functionSettings>

const cloudbaserc = z.looseObject({ functionRoot: z.string(), functions: z.array(functionSettings) })

const triggers = z.object({
  triggers: z.array(z.object({ name: z.string(), type: z.literal('timer'), config: z.string() })).optional(),
})

const ENV_ID = /^[a-z0-9_-]{1,40}$/
const CONFIG_FILE = 'dist/cloudbaserc.json'

/** @param variables what `{{env.NAME}}` in cloudbaserc.json stands for */
export function planDeploy(
  repoDir: string,
  wish: { envId: string | undefined; only: string[] | undefined },
  variables: Record<string, string | undefined>,
): DeployPlan {
  const envId = checkedEnvId(wish.envId)
  const rc = cloudbaserc.parse(JSON.parse(readFileSync(join(repoDir, 'cloudbaserc.json'), 'utf8')))
  const chosen = chosenFunctions(rc.functions, wish.only)
  const missing = new Set<string>()
  const functions = chosen.map((settings): PlannedFunction => {
    const dir = join(repoDir, rc.functionRoot, settings.name)
    if (!existsSync(join(dir, 'index.js'))) {
      throw new CannotDeploy(
        `cloudbaserc.json names the function ${settings.name}, but cloudfunctions/${settings.name}/index.ts does not exist.`,
      )
    }
    return {
      name: settings.name,
      settings: { ...filledIn(settings, variables, missing), ...timersOf(dir) },
      files: filesOf(dir),
      command: [
        'fn',
        'deploy',
        settings.name,
        '--envId',
        envId,
        '--config-file',
        CONFIG_FILE,
        '--force',
        '--yes',
      ],
    }
  })
  const config = { ...rc, envId, functions: functions.map(({ settings }) => settings) }
  return { envId, config, configFile: CONFIG_FILE, functions, missing: [...missing] }
}

function checkedEnvId(envId: string | undefined): string {
  if (!envId)
    throw new CannotDeploy(
      'Say which environment: npm run deploy -- --env <id>. "npx tcb env list" shows yours.',
    )
  if (!ENV_ID.test(envId)) {
    throw new CannotDeploy(
      `"${envId}" is not an environment id: up to 40 small letters, digits, - and _. "npx tcb env list" shows yours.`,
    )
  }
  return envId
}

function chosenFunctions(known: FunctionSettings[], only: string[] | undefined): FunctionSettings[] {
  if (only === undefined) return known
  const names = known.map(({ name }) => name)
  const unknown = only.filter((name) => !names.includes(name))
  if (unknown.length > 0 || only.length === 0) {
    throw new CannotDeploy(
      `No such function: ${unknown.join(', ') || '(none named)'}. cloudbaserc.json has ${names.join(', ')}.`,
    )
  }
  return known.filter(({ name }) => only.includes(name))
}

function filledIn(
  settings: FunctionSettings,
  variables: Record<string, string | undefined>,
  missing: Set<string>,
): FunctionSettings {
  const envVariables = Object.entries(settings.envVariables ?? {}).map(([name, value]) => [
    name,
    value.replace(/\{\{env\.(\w+)\}\}/g, (placeholder, variable: string) => {
      const found = variables[variable]
      if (found === undefined) missing.add(variable)
      return found ?? placeholder
    }),
  ])
  return { ...settings, envVariables: Object.fromEntries(envVariables) }
}

/** DevTools reads the timers from config.json; the tcb CLI reads them from its own configuration only. */
function timersOf(dir: string): object {
  return triggers.parse(JSON.parse(readFileSync(join(dir, 'config.json'), 'utf8')))
}

function filesOf(dir: string): PlannedFunction['files'] {
  return readdirSync(dir)
    .sort()
    .map((name) => {
      const bytes = readFileSync(join(dir, name))
      return { name, sizeBytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
    })
}
