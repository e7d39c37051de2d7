/** Tells many watches of a change a few at a time, so that others get their turn of the event loop. */
export interface FlushQueue {
  add(watches: Iterable<{ flush(): void }>): void
  stop(): void
}

const TURN_MS = 5

export function createFlushQueue(): FlushQueue {
  const waiting = new Set<{ flush(): void }>()
  let next: NodeJS.Immediate | undefined

  function run(): void {
    next = undefined
    const untilMs = performance.now() + TURN_MS
    for (const watch of waiting) {
      waiting.delete(watch)
      watch.flush()
      if (performance.now() >= untilMs) break
    }
    if (waiting.size > 0) next = setImmediate(run)
  }

  return {
    add(watches) {
      for (const watch of watches) waiting.add(watch)
      if (waiting.size > 0) next ??= setImmediate(run)
    },
    stop() {
      waiting.clear()
      if (next) clearImmediate(next)
    },
  }
}
