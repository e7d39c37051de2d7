/**
 * One clock for the whole local cloud: timers, expiry, payments, transactions and `Date` inside functions.
 *
 * `real` runs with the machine and may be shifted; `manual` stands still until it is set or advanced. The state
 * lives in shared memory, so that function instances (worker threads) read the very same time without a message.
 */
export type ClockMode = 'real' | 'manual'

export interface Clock {
  /** Epoch milliseconds. */
  nowMs(): number
  readonly mode: ClockMode
  /** Shared state for worker threads: see `nowFromShared`. */
  readonly shared: SharedArrayBuffer
  /** Moves to an absolute time; runs what became due, in order of its time. */
  set(epochMs: number): Promise<void>
  /** Moves forward by `ms`; runs what became due, in order of its time. */
  advance(ms: number): Promise<void>
  /**
   * Moves forward by `ms` at once, as after a sleep: what became due on the way runs once, late, seeing the time at the
   * end. A timer of every minute then fires once for ten days, not 14,400 times.
   */
  leap(ms: number): Promise<void>
  /** Calls `run` when the clock reaches `atMs`. Returns a cancel function. */
  at(atMs: number, run: () => void | Promise<void>): () => void
  stop(): void
}

const MANUAL = 0
const BASE = 1

/** Reads the time out of `Clock.shared`; the only thing a worker needs. `realNowMs` is the machine's clock. */
export function nowFromShared(shared: SharedArrayBuffer, realNowMs: number): number {
  const state = new Float64Array(shared)
  const base = state[BASE] ?? 0
  return state[MANUAL] === 1 ? base : realNowMs + base
}

interface Alarm {
  atMs: number
  order: number
  run: () => void | Promise<void>
}

const LONGEST_TIMEOUT_MS = 2 ** 31 - 1

/** @param onMove called with each time that the clock is moved to, before what became due runs. */
export function createClock(
  mode: ClockMode,
  startMs = Date.now(),
  onMove: (epochMs: number) => void = () => {},
): Clock {
  const shared = new SharedArrayBuffer(2 * Float64Array.BYTES_PER_ELEMENT)
  const state = new Float64Array(shared)
  state[MANUAL] = mode === 'manual' ? 1 : 0
  state[BASE] = mode === 'manual' ? startMs : startMs - Date.now()

  const alarms = new Set<Alarm>()
  let order = 0
  let timeout: NodeJS.Timeout | undefined

  // A clock by hand never asks the machine: in tests, `Date` itself may follow this clock.
  const nowMs = () => Math.floor(mode === 'manual' ? (state[BASE] ?? 0) : nowFromShared(shared, Date.now()))

  function nextAlarm(): Alarm | undefined {
    let next: Alarm | undefined
    for (const alarm of alarms) {
      if (!next || alarm.atMs < next.atMs || (alarm.atMs === next.atMs && alarm.order < next.order))
        next = alarm
    }
    return next
  }

  async function runDue(): Promise<void> {
    for (let alarm = nextAlarm(); alarm && alarm.atMs <= nowMs(); alarm = nextAlarm()) {
      alarms.delete(alarm)
      await alarm.run()
    }
    arm()
  }

  /** Only a real clock moves by itself, so only it needs a timeout of the machine. */
  function arm(): void {
    clearTimeout(timeout)
    const alarm = mode === 'real' ? nextAlarm() : undefined
    if (!alarm) return
    const waitMs = Math.min(Math.max(alarm.atMs - nowMs(), 0), LONGEST_TIMEOUT_MS)
    timeout = setTimeout(() => void runDue(), waitMs)
    timeout.unref()
  }

  async function moveTo(epochMs: number): Promise<void> {
    // Stop at every alarm on the way: what it does must see its own time, not the end of the jump.
    for (let alarm = nextAlarm(); alarm && alarm.atMs <= epochMs; alarm = nextAlarm()) {
      alarms.delete(alarm)
      if (alarm.atMs > nowMs()) jump(alarm.atMs)
      await alarm.run()
    }
    jump(epochMs)
    arm()
  }

  function jump(epochMs: number): void {
    state[BASE] = mode === 'manual' ? epochMs : epochMs - Date.now()
    onMove(epochMs)
  }

  return {
    nowMs,
    mode,
    shared,
    set: moveTo,
    advance: (ms) => moveTo(nowMs() + ms),
    async leap(ms) {
      jump(nowMs() + ms)
      await runDue()
    },
    at(atMs, run) {
      const alarm: Alarm = { atMs, order: order++, run }
      alarms.add(alarm)
      arm()
      return () => {
        alarms.delete(alarm)
      }
    },
    stop() {
      clearTimeout(timeout)
      alarms.clear()
    },
  }
}
