/** Lets many pass, and one alone: a snapshot is taken or put back between calls, never in the middle of one. */
export interface Gate {
  /** Work that waits while somebody is alone. */
  pass<T>(work: () => Promise<T>): Promise<T>
  /** Runs when nothing that passed is under way, and holds back what comes meanwhile. */
  alone<T>(work: () => Promise<T>): Promise<T>
}

/** A call that waits for something which only another call could bring must not hold up a snapshot for ever. */
const LONGEST_WAIT_MS = 8_000

export function createGate(longestWaitMs = LONGEST_WAIT_MS): Gate {
  let passing = 0
  let onEmpty: (() => void) | undefined
  /** Settles when whoever is alone, and all who wait to be, are done. */
  let closed: Promise<unknown> | undefined

  async function pass<T>(work: () => Promise<T>): Promise<T> {
    while (closed) await closed
    passing += 1
    try {
      return await work()
    } finally {
      passing -= 1
      if (passing === 0) onEmpty?.()
    }
  }

  async function empty(): Promise<void> {
    if (passing === 0) return
    await new Promise<void>((resolve) => {
      const giveUp = setTimeout(resolve, longestWaitMs)
      onEmpty = () => {
        clearTimeout(giveUp)
        resolve()
      }
    })
    onEmpty = undefined
  }

  return {
    pass,
    alone(work) {
      const before = closed ?? Promise.resolve()
      const mine = before.then(empty).then(work)
      const done: Promise<void> = mine.then(
        () => reopen(done),
        () => reopen(done),
      )
      closed = done
      return mine
    },
  }

  function reopen(done: Promise<void>): void {
    if (closed === done) closed = undefined
  }
}
