import { availableParallelism } from 'node:os'
import type { Clock } from '../core/clock.ts'
import type { Identity } from '../core/identity.ts'
import type { Ids } from '../core/ids.ts'
import type { Log } from '../core/log.ts'
import type { Module } from '../core/module.ts'
import { createBrokenReport } from './broken.ts'
import { createCatalogue, type FunctionDefinition, type FunctionSettings } from './catalogue.ts'
import { findDeployment } from './deployments.ts'
import { instanceEnvironment, type Trigger } from './environment.ts'
import { startInstance } from './instance.ts'
import { createInvocations, type Invocations, type RunningInvocation } from './invocations.ts'
import { eventJsonOf, routeOf, toJob } from './job.ts'
import { createPool, type Pool, type PoolLimits } from './pool.ts'
import { type InvocationReport, logReport, reportOf } from './report.ts'
import { failure, type InvokeResult } from './result.ts'
import { inMegabytes, toResult } from './to-result.ts'
import { createTraffic, routeKeyOf, type Traffic } from './traffic.ts'
import { createVersions, type Versions } from './versions.ts'
import { workerCode } from './worker-code.ts'

export interface Invocation {
  functionName: string
  event: unknown
  identity: Identity
  /** `wx_client`, `wx_trigger`, `wx_client,scf`, … */
  source: string
  timeoutMs?: number
  trigger?: Trigger
  /** A version's number or `$LATEST`; without it, the shares of traffic decide for calls, `$LATEST` for triggers. */
  qualifier?: string
  /** The invocation that calls. */
  parentId?: string
}

export interface Functions extends Module {
  /** Never rejects and never hangs: whatever the function does ends in a result. */
  invoke(invocation: Invocation): Promise<InvokeResult>
  readonly invocations: Invocations
  list(): FunctionDefinition[]
  find(name: string): FunctionDefinition | undefined
  instanceCount(): number
  readonly versions: Versions
  readonly traffic: Traffic
  /** Ends the instance that runs, or just ran, this request, as a crash would. */
  kill(requestId: string, reason: string): void
}

export { type BuiltInFunction, withBuiltIns } from './built-in.ts'
export { CallFailed } from './call-failed.ts'
export type { FunctionDefinition } from './catalogue.ts'
export { instanceEnvironment } from './environment.ts'
export type { RunningInvocation } from './invocations.ts'
export { createMeteredInvoke } from './metered.ts'
export type { InvocationReport } from './report.ts'
export { clientErrMsg, type InvokeResult } from './result.ts'
export { type TrafficShares, trafficShares } from './traffic.ts'
export type { VersionInfo } from './versions.ts'
export { invokeFunctionAction } from './wire.ts'

export interface FunctionsDeps {
  dir: string
  envId: string
  clock: Clock
  ids: Ids
  log: Log
  /** Known once the gateway listens. */
  gatewayUrl: () => string
  settingsOf?: (name: string) => FunctionSettings
  /** Everything that the invocation asked for has been done. */
  onInvocationEnd?: (invocationId: string) => Promise<void>
  limits?: Partial<PoolLimits>
  /** Folder of published versions; they are forgotten at the end when absent. */
  versionsDir?: string
  sizes?: () => SizeLimits
  onStart?(running: RunningInvocation): void
  onReport?(report: InvocationReport): void
}

export interface SizeLimits {
  eventBytes: number
  resultBytes: number
  /** Of a result that goes to a mini program. */
  clientResultBytes: number
}

const MB = 1024 * 1024
const DEFAULT_SIZES: SizeLimits = { eventBytes: 6 * MB, resultBytes: 6 * MB, clientResultBytes: MB }
const DRAIN_TIMEOUT_MS = 5_000
/** Of all functions together; beyond it an idle instance of another function makes room. */
const MAX_INSTANCES = 64

export function createFunctions(deps: FunctionsDeps): Functions {
  const { clock, ids, log } = deps
  const cores = availableParallelism()
  const limits: PoolLimits = {
    eagerInstances: Math.max(2, cores),
    maxInstances: 16 * cores,
    maxQueueWaitMs: 10_000,
    patienceMs: 40,
    idleMs: 60_000,
    ...deps.limits,
  }
  const invocations = createInvocations(ids)
  const catalogue = createCatalogue(deps.dir, deps.settingsOf ?? (() => ({})), createBrokenReport(log))
  const versions = createVersions(deps.versionsDir, clock.nowMs)
  const traffic = createTraffic(deps.versionsDir)
  const sizes = deps.sizes ?? (() => DEFAULT_SIZES)
  const pools = new Map<string, { fingerprint: string; pool: Pool }>()
  const retired = new Set<Pool>()
  const said = new Set<string>()
  let reaper: NodeJS.Timeout | undefined
  let code = ''
  let isStopped = false

  const instanceCount = () => [...pools.values()].reduce((sum, { pool }) => sum + pool.size(), 0)

  function poolOf(definition: FunctionDefinition, version: string): Pool {
    const key = `${definition.name}:${version}`
    const current = pools.get(key)
    if (current?.fingerprint === definition.fingerprint) return current.pool
    if (current) {
      log.info('functions', `${definition.name} changed: new calls run the new code`, {
        function: definition.name,
      })
      current.pool.retire()
      retired.add(current.pool)
    }
    const pool = createPool((onDeath) => start(definition, onDeath), limits)
    pools.set(key, { fingerprint: definition.fingerprint, pool })
    return pool
  }

  function start(definition: FunctionDefinition, onDeath: () => void) {
    if (instanceCount() >= MAX_INSTANCES) for (const { pool } of pools.values()) pool.reap(true)
    const gatewayUrl = deps.gatewayUrl()
    return startInstance({
      code,
      functionName: definition.name,
      dir: definition.dir,
      entry: definition.entry,
      exportName: definition.exportName,
      clock: clock.shared,
      gatewayHost: new URL(gatewayUrl).host,
      env: instanceEnvironment({ envId: deps.envId, gatewayUrl, variables: definition.variables }),
      memoryMb: definition.memoryMb,
      initTimeoutMs: definition.initTimeoutMs,
      drainTimeoutMs: DRAIN_TIMEOUT_MS,
      onOutput: (level, text) => log[level]('functions', text.trimEnd(), { function: definition.name }),
      onDeath,
    })
  }

  async function invoke(invocation: Invocation): Promise<InvokeResult> {
    const { functionName, identity, source, parentId } = invocation
    if (isStopped) return failure('SYS_ERR', 'the local cloud stops', ids.requestId())
    const { openid } = identity
    const parentKey = parentId === undefined ? undefined : invocations.findById(parentId)?.routeKey
    const routeKey = openid === undefined ? parentKey : routeKeyOf(openid)
    const { lookup, version } = findDeployment({ catalogue, versions, traffic }, invocation, routeKey)
    if (!lookup.found) {
      const failureCode = lookup.reason === 'unknown' ? 'FUNCTION_NOT_FOUND' : 'FUNCTIONS_EXECUTE_FAIL'
      return failure(failureCode, lookup.message, ids.requestId())
    }
    const { definition } = lookup
    if (definition.isHttp) {
      const message = `${functionName} is an HTTP function: use wx.cloud.callHTTPFunction, or /http/${functionName}`
      return failure('FUNCTIONS_EXECUTE_FAIL', message, ids.requestId())
    }
    const { eventBytes, resultBytes, clientResultBytes } = sizes()
    const eventJson = eventJsonOf(invocation)
    if (eventJson === undefined) {
      return failure('FUNCTIONS_REQUEST_FAIL', 'the event is nested too deeply', ids.requestId())
    }
    if (Buffer.byteLength(eventJson) > eventBytes) {
      const message = `data exceed max size: an event has at most ${inMegabytes(eventBytes)}`
      return failure('FUNCTIONS_REQUEST_FAIL', message, ids.requestId())
    }
    let kill: RunningInvocation['kill'] = () => {}
    const running = invocations.begin({
      functionName,
      identity,
      source,
      version,
      routeKey,
      parentId,
      route: routeOf(invocation),
      kill: (reason) => kill(reason),
    })
    deps.onStart?.(running)
    const job = toJob({
      running,
      definition,
      eventJson,
      invocation,
      envId: deps.envId,
      maxResultBytes: resultBytes,
      log,
      said,
    })
    log.debug('functions', `START RequestId: ${running.id}`, {
      function: functionName,
      requestId: running.id,
    })
    const outcome = await poolOf(definition, version).run(job, {
      onStart(instance) {
        kill = (reason) => void instance.kill(reason)
      },
      onEnd: () => void end(running),
    })
    const result = toResult(outcome, running, { timeoutMs: job.timeoutMs, clientResultBytes })
    const report = reportOf(running, definition, outcome, result)
    logReport(log, report, outcome && 'stack' in outcome ? outcome.stack : undefined)
    deps.onReport?.(report)
    return result
  }

  async function end(running: RunningInvocation): Promise<void> {
    await invocations.end(running)
    try {
      await deps.onInvocationEnd?.(running.id)
    } catch (error) {
      log.error('functions', `cleaning up after ${running.id} failed: ${error}`, { requestId: running.id })
    }
  }

  return {
    name: 'functions',
    async start() {
      code = await workerCode()
      reaper = setInterval(() => {
        for (const { pool } of pools.values()) pool.reap()
        for (const pool of retired) if (pool.size() === 0) retired.delete(pool)
      }, 5_000)
      reaper.unref()
    },
    async stop() {
      isStopped = true
      clearInterval(reaper)
      await Promise.all(
        [...[...pools.values()].map(({ pool }) => pool), ...retired].map((pool) => pool.stop()),
      )
      versions.stop()
    },
    invoke,
    invocations,
    list: () => catalogue.list(),
    find(name) {
      const lookup = catalogue.find(name)
      return lookup.found ? lookup.definition : undefined
    },
    instanceCount,
    versions,
    traffic,
    kill: (requestId, reason) => invocations.findById(requestId)?.kill(reason),
  }
}
