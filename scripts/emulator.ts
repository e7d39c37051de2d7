/** npm run emulator: the local cloud for any CloudBase project; see --help. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import yargs from 'yargs'
import { hideBin } from 'yargs/helpers'
import {
  CallFailed,
  DataInUse,
  type Emulator,
  PLAN_LIMITS,
  ProjectError,
  startEmulator,
} from '../emulator/index.ts'
import { runInCloud } from './emulator/exec.ts'
import { sayLastWords } from './emulator/last-words.ts'
import { printLog } from './emulator/print-log.ts'
import { seedCloud } from './emulator/seed.ts'

const DEFAULT_PORT = 9527

// Functions run in UTC on the platform; threads take the zone of their process.
process.env.TZ = 'UTC'

const cli = yargs(hideBin(process.argv))
  .scriptName('npm run emulator --')
  .usage('The local cloud for any CloudBase project.')
  .parserConfiguration({ 'populate--': true, 'duplicate-arguments-array': false })
  .options({
    port: { type: 'number', describe: `port; 0 takes a free one (default ${DEFAULT_PORT})` },
    data: { type: 'string', describe: 'folder that keeps the data (default <project>/.emulator)' },
    memory: { type: 'boolean', describe: 'keep no data', conflicts: 'data' },
    project: { type: 'string', default: '.', describe: 'folder of the CloudBase project' },
    functions: { type: 'string', describe: 'folder of the functions, when the project does not say' },
    rules: { type: 'string', describe: 'folder of the database rules (default <project>/database-rules)' },
    env: { type: 'string', describe: 'environment id (default local)' },
    seed: {
      type: 'string',
      describe:
        'module with seed(cloud), run when the data folder is new (default <project>/scripts/seed.ts)',
    },
    'create-collections': {
      type: 'boolean',
      default: false,
      describe: 'make missing collections instead of failing as the platform does',
    },
    limits: {
      type: 'boolean',
      default: true,
      describe: "the plan's limits on calls per second and connections; --no-limits lifts them",
    },
    clock: {
      choices: ['real', 'manual'] as const,
      default: 'real' as const,
      describe: 'a manual clock moves by /control/clock only',
    },
    try: { type: 'string', describe: 'a command to suggest when the cloud is ready' },
    json: { type: 'boolean', default: false, describe: 'print the ready line as JSON' },
    verbose: { type: 'boolean', default: false, describe: 'print the whole log' },
  })
  .command('$0', 'runs it until Ctrl-C', {}, () => {})
  .command(
    'exec',
    'exec -- <command> runs a command with a cloud of its own: free port, temporary data',
    {},
    () => {},
  )
  .check(({ port }) => port === undefined || isPort(port) || '--port must be a whole number from 0 to 65535')
  .strict()
  .fail((message, error) => fail(message ?? String(error), 2))
  .version(false)

let isSeeding = false

type Options = Awaited<ReturnType<typeof cli.parseAsync>>

const options = await cli.parseAsync()
try {
  if (options._[0] === 'exec') process.exit(await exec(options))
  else await serve(options)
} catch (error) {
  fail(explain(error), 1)
}

async function serve(given: Options): Promise<void> {
  const data = given.memory ? undefined : resolve(given.data ?? join(given.project, '.emulator'))
  sayLastWords(data)
  const seed = seedOf(given)
  const isNew = data === undefined || !existsSync(join(data, 'database'))
  const cloud = await start(given, { data, port: given.port ?? DEFAULT_PORT })
  let isStopping = false
  const stop = () => {
    if (isStopping) process.exit(130)
    isStopping = true
    cloud.stop().then(
      () => process.exit(0),
      (error: unknown) => fail(explain(error), 1),
    )
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  try {
    if (seed !== undefined) await fill(cloud, seed, { isNew, data })
    // Only now: demo data comes faster than a plan allows.
    if (given.limits) cloud.limits.set(PLAN_LIMITS)
  } catch (error) {
    await cloud.stop()
    throw error
  }
  printReady(cloud, given, data)
}

async function exec(given: Options): Promise<number> {
  const command = (given['--'] as string[] | undefined) ?? [] // populate-- puts texts there
  if (command.length === 0) throw new ProjectError('say which command: npm run emulator -- exec -- <command>')
  const cloud = await start(given, { data: undefined, port: given.port ?? 0 })
  try {
    if (typeof given.seed === 'string') await fill(cloud, given.seed, { isNew: true, data: undefined })
    if (given.limits) cloud.limits.set(PLAN_LIMITS)
    return await runInCloud(cloud, command)
  } finally {
    await cloud.stop()
  }
}

async function fill(cloud: Emulator, seed: string, folder: Parameters<typeof seedCloud>[2]): Promise<void> {
  isSeeding = true
  const begunMs = Date.now()
  const isFilled = await seedCloud(cloud, seed, folder, () =>
    console.error(`Filling the new cloud from ${seed} …`),
  )
  if (isFilled) console.error(`  done in ${((Date.now() - begunMs) / 1_000).toFixed(1)} s`)
  isSeeding = false
}

async function start(
  given: Options,
  { data, port }: { data: string | undefined; port: number },
): Promise<Emulator> {
  const { project, functions, rules, env, createCollections, clock, verbose } = given
  const cloud = await startEmulator({
    port,
    data,
    project,
    functions,
    rules,
    env,
    createCollections,
    clock,
    onLog: (log) => printLog(log, verbose, () => isSeeding),
  })
  if (cloud.functions().length === 0)
    console.error(
      `No functions in ${cloud.functionsDir} yet: write or build them, they are taken as they come.`,
    )
  return cloud
}

function isPort(given: number): boolean {
  return Number.isInteger(given) && given >= 0 && given <= 65_535
}

/** yargs makes `--no-seed` into false. */
function seedOf({ seed, project }: Options): string | undefined {
  const wanted: unknown = seed
  if (wanted === false) return undefined
  const own = join(project, 'scripts/seed.ts')
  return seed ?? (existsSync(own) ? own : undefined)
}

function printReady(cloud: Emulator, given: Options, data: string | undefined): void {
  const functions = cloud.functions().map(({ name }) => name)
  if (given.json) {
    console.log(
      JSON.stringify({ status: 'ready', url: cloud.url, pid: process.pid, env: cloud.envId, functions }),
    )
    return
  }
  console.log(`Local cloud ready: ${cloud.url}`)
  console.log(`  functions  ${functions.join(', ') || 'none yet'}`)
  console.log(`  data       ${data ?? 'in memory only'}`)
  const time = clockLine(cloud)
  if (time !== undefined) console.log(`  clock      ${time}`)
  console.log(`  control    ${cloud.url}/control/health, described by ${cloud.url}/control/openapi.json`)
  if (given.try !== undefined) console.log(`  try        ${given.try}`)
}

/** Worth a word only when it is not the machine's time: everything that is dated follows it. */
function clockLine({ clock }: Emulator): string | undefined {
  const time = new Date(clock.nowMs()).toISOString()
  if (clock.mode === 'manual') return `${time}, until it is moved`
  return Math.abs(clock.nowMs() - Date.now()) > 1_000 ? `${time}, where it was moved to` : undefined
}

function explain(error: unknown): string {
  if (error instanceof DataInUse || error instanceof ProjectError || error instanceof CallFailed)
    return error.message
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    const port = options.port ?? DEFAULT_PORT
    return `port ${port} is in use: stop what listens there, or choose another with --port (0 takes a free one)`
  }
  // The system's refusals, of folders above all, say what and where by themselves.
  if (error instanceof Error && 'syscall' in error) return error.message
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

function fail(message: string, exitCode: number): never {
  console.error(message)
  process.exit(exitCode)
}
