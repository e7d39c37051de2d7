/** Work for many watches, done a little at a time, so that others get their turn of the event loop. */
export interface Turns {
  /** Whoever is waiting already keeps its place. */
  add(workers: Iterable<Worker>): void
  stop(): void
}

const TURN_MS = 5

export interface Worker {
  work(): void
}

export function createTurns(): Turns {
  const waiting = new Set<Worker>()
  let next: NodeJS.Immediate | undefined

  function run(): void {
    next = undefined
    const untilMs = performance.now() + TURN_MS
    for (const worker of waiting) {
      waiting.delete(worker)
      worker.work()
      if (performance.now() >= untilMs) break
    }
    if (waiting.size > 0) next = setImmediate(run)
  }

  return {
    add(workers) {
      for (const worker of workers) waiting.add(worker)
      if (waiting.size > 0) next ??= setImmediate(run)
    },
    stop() {
      waiting.clear()
      if (next) clearImmediate(next)
    },
  }
}
