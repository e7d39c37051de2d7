import { Worker } from 'node:worker_threads'
import type { FromInstance, InstanceSetup, ToInstance } from './messages.ts'

export interface Job {
  requestId: string
  eventJson: string
  contextJson: string
  env: Record<string, string>
  timeoutMs: number
  maxResultBytes: number
  onLog(line: Extract<FromInstance, { type: 'log' }>): void
}

export type Outcome =
  | { kind: 'returned'; json: string | undefined; durationMs: number; heapBytes?: number }
  | { kind: 'threw'; message: string; stack?: string; durationMs: number; heapBytes?: number }
  | {
      kind: 'load-failed' | 'crashed' | 'memory-exceeded'
      message: string
      stack?: string
      durationMs: number
    }
  | { kind: 'timed-out'; durationMs: number }

/** One worker thread that runs one event at a time. */
export interface Instance {
  /** Always settles: with the result, or with the way in which the instance died. */
  run(job: Job): Promise<Outcome>
  /** After `run`: settles when the requests that the handler left behind have landed, or the instance is dead. */
  drained(): Promise<void>
  isAlive(): boolean
  kill(reason: string): Promise<void>
}

export interface InstanceOptions extends InstanceSetup {
  code: string
  env: Record<string, string>
  memoryMb: number
  /** How long loading the user's code may take. */
  initTimeoutMs: number
  /** How long requests that were not awaited may take after the handler returned. */
  drainTimeoutMs: number
  /** What the function writes to its standard streams past `console`. */
  onOutput(level: 'info' | 'error', text: string): void
  onDeath(): void
}

interface Running {
  job: Job
  settle(outcome: Outcome): void
  startedMs: number
  limit: NodeJS.Timeout
}

export function startInstance(options: InstanceOptions): Instance {
  const { code, env, memoryMb, initTimeoutMs, drainTimeoutMs, onOutput, onDeath, ...setup } = options
  const worker = new Worker(code, {
    eval: true,
    env,
    workerData: setup,
    // Not the loaders and flags of the process that runs the cloud.
    execArgv: [],
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
  })
  let isAlive = true
  let running: Running | undefined
  let whyDead = ''
  let isKilled = false
  let lateStack: string | undefined
  let isOutOfMemory = false
  let onDrained: (() => void) | undefined
  let drained = Promise.resolve()

  const elapsedMs = () => (running ? performance.now() - running.startedMs : 0)
  const settle = (outcome: Outcome) => {
    if (!running) return
    clearTimeout(running.limit)
    const { settle: tell } = running
    running = undefined
    tell(outcome)
  }
  const kill = async (reason: string) => {
    isKilled = true
    whyDead ||= reason
    await worker.terminate()
  }

  worker.on('message', (message: FromInstance) => {
    switch (message.type) {
      case 'loaded':
        return startTimeLimit()
      case 'returned':
        return settle({
          kind: 'returned',
          json: message.json,
          durationMs: elapsedMs(),
          heapBytes: message.heapBytes,
        })
      case 'threw':
        return settle({
          kind: 'threw',
          message: message.message,
          stack: message.stack,
          durationMs: elapsedMs(),
          heapBytes: message.heapBytes,
        })
      case 'load-failed':
        settle({
          kind: 'load-failed',
          message: message.message,
          stack: message.stack,
          durationMs: elapsedMs(),
        })
        return void kill('its code could not be loaded')
      case 'drained':
        return onDrained?.()
      case 'log':
        return lastJob?.onLog(message)
    }
  })
  let lastJob: Job | undefined
  worker.stdout.on('data', (chunk: Buffer) => onOutput('info', chunk.toString()))
  worker.stderr.on('data', (chunk: Buffer) => onOutput('error', chunk.toString()))
  worker.on('error', (error: NodeJS.ErrnoException) => {
    isOutOfMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY'
    if (!running) lateStack = error.stack
    whyDead ||= isOutOfMemory
      ? `Memory limit exceeded: out of memory, the function may use ${memoryMb} MB`
      : `${error.name}: ${error.message}`
  })
  worker.on('exit', (exitCode) => {
    isAlive = false
    if (!running && !isKilled)
      onOutput('error', `ended after it had returned: ${lateStack || `process exited with code ${exitCode}`}`)
    settle({
      kind: isOutOfMemory ? 'memory-exceeded' : 'crashed',
      message: whyDead || `process exited with code ${exitCode} before the function returned`,
      durationMs: elapsedMs(),
    })
    onDrained?.()
    onDeath()
  })

  function startTimeLimit(): void {
    if (!running) return
    clearTimeout(running.limit)
    running.startedMs = performance.now()
    running.limit = setTimeout(() => {
      const durationMs = elapsedMs()
      void kill('time limit')
      settle({ kind: 'timed-out', durationMs })
    }, running.job.timeoutMs)
  }

  return {
    run(job) {
      lastJob = job
      drained = new Promise((resolve) => {
        onDrained = resolve
      })
      return new Promise((resolve) => {
        const limit = setTimeout(() => {
          settle({
            kind: 'load-failed',
            message: `loading the function's code took longer than ${initTimeoutMs / 1_000} seconds`,
            durationMs: elapsedMs(),
          })
          void kill('load time limit')
        }, initTimeoutMs)
        running = { job, settle: resolve, startedMs: performance.now(), limit }
        if (!isAlive) return settle({ kind: 'crashed', message: whyDead, durationMs: 0 })
        const message: ToInstance = {
          type: 'invoke',
          requestId: job.requestId,
          eventJson: job.eventJson,
          contextJson: job.contextJson,
          env: job.env,
          maxResultBytes: job.maxResultBytes,
        }
        worker.postMessage(message)
      })
    },
    async drained() {
      if (!isAlive) return
      const limit = setTimeout(() => void kill('requests it did not await took too long'), drainTimeoutMs)
      await drained
      clearTimeout(limit)
    },
    isAlive: () => isAlive && whyDead === '',
    kill,
  }
}
