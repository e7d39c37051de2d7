import type { Instance, Job, Outcome } from './instance.ts'
import { watchLoad } from './machine-load.ts'

export interface PoolLimits {
  /** Instances that are started without hesitation: as many as the machine can run at once. */
  eagerInstances: number
  /** Instances of one function at most. */
  maxInstances: number
  /** Waiting beyond this is refused. */
  maxQueueWaitMs: number
  /** Beyond the eager ones, this long the machine must have room, and calls must wait, before another is started. */
  patienceMs: number
  /** An instance without work is stopped after this. */
  idleMs: number
}

/** The instances of one version of one function. */
export interface Pool {
  /** Undefined when no instance became free in time. */
  run(job: Job, hooks: RunHooks): Promise<Outcome | undefined>
  size(): number
  /** Stops instances that have had no work for `idleMs`; with `force`, one that has no work now. */
  reap(force?: boolean): void
  /** No new work; running events end first. */
  retire(): void
  stop(): Promise<void>
}

export interface RunHooks {
  onStart(instance: Instance): void
  /** After the result: what the handler did not await has landed too. */
  onEnd(): void
}

interface Waiting {
  job: Job
  hooks: RunHooks
  settle(outcome: Outcome | undefined): void
  giveUp: NodeJS.Timeout
}

/** @param start builds an instance; it calls `onDeath` when the instance ends by itself. */
export function createPool(start: (onDeath: () => void) => Instance, limits: PoolLimits): Pool {
  const instances = new Set<Instance>()
  /** The most recently used one is last, and is taken first: it is the warmest, and the others may be reaped. */
  const idle: { instance: Instance; sinceMs: number }[] = []
  const queue: Waiting[] = []
  /** Instances whose event is over but for requests that were not awaited: as good as free. */
  let draining = 0
  let patience: NodeJS.Timeout | undefined
  let isRetired = false

  function grow(): void {
    const instance: Instance = start(() => {
      instances.delete(instance)
      const at = idle.findIndex((entry) => entry.instance === instance)
      if (at >= 0) idle.splice(at, 1)
      if (queue.length > 0) growIfNeeded()
    })
    instances.add(instance)
    void release(instance)
  }

  /** More instances help calls that wait for something; calls that compete for processors they only slow down. */
  function growIfNeeded(): void {
    while (queue.length > draining && instances.size < limits.eagerInstances) grow()
    if (queue.length === 0 || patience || instances.size >= limits.maxInstances) return
    const load = watchLoad()
    patience = setTimeout(() => {
      patience = undefined
      const mayGrow = instances.size === 0 || (load().hasRoom && instances.size < limits.maxInstances)
      if (queue.length > 0 && mayGrow) grow()
      growIfNeeded()
    }, limits.patienceMs)
  }

  async function release(instance: Instance): Promise<void> {
    for (let next = queue.shift(); next; next = queue.shift()) {
      clearTimeout(next.giveUp)
      next.hooks.onStart(instance)
      const outcome = await instance.run(next.job)
      next.settle(outcome)
      draining += 1
      await instance.drained()
      draining -= 1
      next.hooks.onEnd()
      if (!instance.isAlive()) return
    }
    if (isRetired) void instance.kill('replaced by a newer version')
    else idle.push({ instance, sinceMs: performance.now() })
  }

  return {
    run: (job, hooks) =>
      new Promise((settle) => {
        const giveUp = setTimeout(() => {
          queue.splice(queue.indexOf(waiting), 1)
          settle(undefined)
          hooks.onEnd()
        }, limits.maxQueueWaitMs)
        const waiting: Waiting = { job, hooks, settle, giveUp }
        queue.push(waiting)
        const warm = takeIdle()
        if (warm) void release(warm)
        else growIfNeeded()
      }),
    size: () => instances.size,
    reap(force = false) {
      const oldestMs = performance.now() - limits.idleMs
      while (idle[0] && (force || idle[0].sinceMs < oldestMs)) {
        void idle.shift()?.instance.kill('no work')
        if (force) return
      }
    },
    retire() {
      isRetired = true
      for (const { instance } of idle.splice(0)) void instance.kill('replaced by a newer version')
    },
    async stop() {
      isRetired = true
      clearTimeout(patience)
      for (const { giveUp, settle, hooks } of queue.splice(0)) {
        clearTimeout(giveUp)
        settle(undefined)
        hooks.onEnd()
      }
      await Promise.all([...instances].map((instance) => instance.kill('the local cloud stops')))
    },
  }

  function takeIdle(): Instance | undefined {
    for (let entry = idle.pop(); entry; entry = idle.pop())
      if (entry.instance.isAlive()) return entry.instance
    return undefined
  }
}
