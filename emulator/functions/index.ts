import { availableParallelism } from 'node:os'
import type { Clock } from '../core/clock.ts'
import type { Identity } from '../core/identity.ts'
import type { Ids } from '../core/ids.ts'
import type { Log } from '../core/log.ts'
import type { Module } from '../core/module.ts'
import { createCatalogue, type FunctionDefinition, type FunctionSettings } from './catalogue.ts'
import { instanceEnvironment } from './environment.ts'
import { type Job, type Outcome, startInstance } from './instance.ts'
import { createInvocations, type Invocations, type RunningInvocation } from './invocations.ts'
import { eventJsonOf, toJob } from './job.ts'
import { createPool, type Pool, type PoolLimits } from './pool.ts'
import { failure, type InvokeResult, success } from './result.ts'
import { workerCode } from './worker-code.ts'

export interface Invocation {
  functionName: string
  event: unknown
  identity: Identity
  /** `wx_client`, `wx_trigger`, `wx_client,scf`, … */
  source: string
  timeoutMs?: number
  trigger?: 'timer'
}

export interface Functions extends Module {
  /** Never rejects and never hangs: whatever the function does ends in a result. */
  invoke(invocation: Invocation): Promise<InvokeResult>
  readonly invocations: Invocations
  list(): FunctionDefinition[]
  find(name: string): FunctionDefinition | undefined
  instanceCount(): number
  /** Ends the instance that runs, or just ran, this request, as a crash would. */
  kill(requestId: string, reason: string): void
}

export { CallFailed } from './call-failed.ts'
export type { FunctionDefinition } from './catalogue.ts'
export { instanceEnvironment } from './environment.ts'
export { createMeteredInvoke } from './metered.ts'
export { clientErrMsg, type InvokeResult } from './result.ts'
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
}

/** Request and response of one call (SCF limits); a mini program receives less. */
const MAX_EVENT_BYTES = 6 * 1024 * 1024
const MAX_RESULT_BYTES = 6 * 1024 * 1024
const MAX_CLIENT_RESULT_BYTES = 1024 * 1024
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
  const catalogue = createCatalogue(deps.dir, deps.settingsOf ?? (() => ({})))
  const pools = new Map<string, { fingerprint: string; pool: Pool }>()
  const retired = new Set<Pool>()
  let reaper: NodeJS.Timeout | undefined
  let code = ''
  let isStopped = false

  const instanceCount = () => [...pools.values()].reduce((sum, { pool }) => sum + pool.size(), 0)

  function poolOf(definition: FunctionDefinition): Pool {
    const current = pools.get(definition.name)
    if (current?.fingerprint === definition.fingerprint) return current.pool
    if (current) {
      log.info('functions', `${definition.name} changed: new calls run the new code`, {
        function: definition.name,
      })
      current.pool.retire()
      retired.add(current.pool)
    }
    const pool = createPool((onDeath) => start(definition, onDeath), limits)
    pools.set(definition.name, { fingerprint: definition.fingerprint, pool })
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
      maxResultBytes: MAX_RESULT_BYTES,
      env: instanceEnvironment({ envId: deps.envId, gatewayUrl, variables: definition.variables }),
      memoryMb: definition.memoryMb,
      initTimeoutMs: definition.initTimeoutMs,
      drainTimeoutMs: DRAIN_TIMEOUT_MS,
      onOutput: (level, text) => log[level]('functions', text.trimEnd(), { function: definition.name }),
      onDeath,
    })
  }

  async function invoke(invocation: Invocation): Promise<InvokeResult> {
    const { functionName, identity, source } = invocation
    if (isStopped) return failure('SYS_ERR', 'the local cloud stops', ids.requestId())
    const lookup = catalogue.find(functionName)
    if (!lookup.found) {
      const failureCode = lookup.reason === 'unknown' ? 'FUNCTION_NOT_FOUND' : 'FUNCTIONS_EXECUTE_FAIL'
      return failure(failureCode, lookup.message, ids.requestId())
    }
    const { definition } = lookup
    const eventJson = eventJsonOf(invocation)
    if (Buffer.byteLength(eventJson) > MAX_EVENT_BYTES) {
      return failure(
        'FUNCTIONS_REQUEST_FAIL',
        'data exceed max size: an event has at most 6 MB',
        ids.requestId(),
      )
    }
    let kill: RunningInvocation['kill'] = () => {}
    const running = invocations.begin({ functionName, identity, source, kill: (reason) => kill(reason) })
    const job = toJob({ running, definition, eventJson, invocation, envId: deps.envId, log })
    const fields = { function: functionName, requestId: running.id }
    log.debug('functions', `START RequestId: ${running.id}`, fields)
    const outcome = await poolOf(definition).run(job, {
      onStart(instance) {
        kill = (reason) => void instance.kill(reason)
      },
      onEnd: () => void end(running),
    })
    const result = toResult(outcome, running, job)
    report(log, definition, outcome, result, fields)
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
    },
    invoke,
    invocations,
    list: () => catalogue.list(),
    find(name) {
      const lookup = catalogue.find(name)
      return lookup.found ? lookup.definition : undefined
    },
    instanceCount,
    kill: (requestId, reason) => invocations.findById(requestId)?.kill(reason),
  }
}

function toResult(outcome: Outcome | undefined, running: RunningInvocation, job: Job): InvokeResult {
  const { id, functionName, source } = running
  if (!outcome) {
    return failure(
      'EXCEED_CONCURRENT_REQUEST_LIMIT',
      `no instance of ${functionName} became free in time`,
      id,
    )
  }
  switch (outcome.kind) {
    case 'timed-out':
      return failure(
        'FUNCTIONS_TIME_LIMIT_EXCEEDED',
        `Invoking task timed out after ${job.timeoutMs / 1_000} seconds`,
        id,
      )
    case 'returned': {
      const isTooLong = isClient(source) && Buffer.byteLength(outcome.json ?? '') > MAX_CLIENT_RESULT_BYTES
      if (isTooLong)
        return failure('FUNCTIONS_RESULT_EXCEED_LIMIT', 'cloudfunction result size exceed limit (1MB)', id)
      return success(outcome.json, id, outcome.durationMs)
    }
    default:
      return failure('FUNCTIONS_EXECUTE_FAIL', outcome.message, id)
  }
}

/** A mini program itself, not a function that it called. */
function isClient(source: string): boolean {
  return source === 'wx_client' || source === 'wx_devtools'
}

function report(
  log: Log,
  definition: FunctionDefinition,
  outcome: Outcome | undefined,
  result: InvokeResult,
  fields: Record<string, unknown>,
): void {
  if (!result.ok) {
    const stack = outcome && 'stack' in outcome ? outcome.stack : undefined
    log.error('functions', `${definition.name}: ${result.code} ${result.message}`, { ...fields, stack })
  }
  const durationMs = Math.round(outcome?.durationMs ?? 0)
  log.debug('functions', `END RequestId: ${result.requestId}`, fields)
  const cost = `Duration:${durationMs}ms Memory:${definition.memoryMb}MB`
  log.debug('functions', `Report RequestId: ${result.requestId} ${cost}`, { ...fields, durationMs })
}
