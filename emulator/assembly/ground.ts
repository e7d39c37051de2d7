/** What every module of the local cloud stands on: the project, the data folder, clock, log, faults, cost and limits. */
import { join, resolve } from 'node:path'
import { createTraces, createUsers } from '../control/index.ts'
import { type ClockMode, createClock } from '../core/clock.ts'
import { openClockFile } from '../core/clock-file.ts'
import { createCostMeter } from '../core/cost.ts'
import { lockData } from '../core/data-lock.ts'
import { createFaults, seededRandom } from '../core/faults.ts'
import { createGate } from '../core/gate.ts'
import { LOCAL_APPID } from '../core/identity.ts'
import { createIds } from '../core/ids.ts'
import { createLog, type Log } from '../core/log.ts'
import { createMetering } from '../core/metering.ts'
import { createState } from '../core/state.ts'
import { createLimits, type LimitSettings } from '../limits/index.ts'
import { readProject } from '../project/index.ts'
import { assertProjectRules } from './rule-files.ts'

export interface EmulatorOptions {
  /** 0, the default, takes a free port. */
  port?: number
  /** Folder for everything that is stored; memory only when absent. */
  data?: string
  /** The CloudBase project; the current folder when absent. */
  project?: string
  /** Folder of the functions and of the database rules, when not where the project says. */
  functions?: string
  rules?: string
  /** Environment id. */
  env?: string
  /** Makes collections that a program uses and nobody created, instead of failing as the platform does. */
  createCollections?: boolean
  clock?: ClockMode
  clockStartMs?: number
  /** For `{{env.X}}` in cloudbaserc.json; the environment of this process when absent. */
  variables?: Record<string, string | undefined>
  /** Makes injected faults with a probability repeatable. */
  faultSeed?: number
  /** Rates are not limited unless they are set here; sizes are the plan's. */
  limits?: Partial<LimitSettings>
  /** Called with the log before anything is written to it. */
  onLog?(log: Log): void
}

export type Ground = Awaited<ReturnType<typeof createGround>>

const DEFAULT_ENV_ID = 'local'

/** @param routeOf the route that a running invocation serves, for the cost of each */
export async function createGround(
  options: EmulatorOptions,
  routeOf: (invocationId: string) => string | undefined,
) {
  const project = readProject({
    dir: options.project ?? '.',
    functions: options.functions,
    rules: options.rules,
    variables: options.variables ?? process.env,
  })
  assertProjectRules(project)
  const data = options.data === undefined ? undefined : resolve(options.data)
  const folder = (name: string) => (data === undefined ? undefined : join(data, name))

  const lock = data === undefined ? undefined : await lockData(data)
  const mode = options.clock ?? 'real'
  const clockFile = openClockFile(data)
  const clock = createClock(mode, options.clockStartMs ?? clockFile.startMs(mode), (epochMs) =>
    clockFile.keep(mode, epochMs),
  )
  const log = createLog(clock.nowMs)
  options.onLog?.(log)
  const faults = createFaults(options.faultSeed === undefined ? undefined : seededRandom(options.faultSeed))
  const cost = createCostMeter(routeOf)
  const limits = createLimits(
    { qps: false, databaseConnections: false, ...options.limits },
    {
      onRefusal: (reason) =>
        log.warn(
          'limits',
          `calls are refused as by the plan (${reason}): PUT /control/limits changes it, --no-limits lifts it`,
        ),
    },
  )
  const traces = createTraces(clock.nowMs)
  const gate = createGate()
  const state = createState(folder('state'))
  return {
    project,
    data,
    folder,
    lock,
    envId: options.env ?? DEFAULT_ENV_ID,
    appid: LOCAL_APPID,
    clock,
    ids: createIds(),
    log,
    faults,
    cost,
    limits,
    traces,
    gate,
    metering: createMetering(faults, cost, { admit: limits.admit, gate, onCall: traces.call }),
    state,
    users: createUsers({ state, appid: LOCAL_APPID }),
  }
}
