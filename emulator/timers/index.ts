import type { Clock } from '../core/clock.ts'
import type { Log } from '../core/log.ts'
import type { Module } from '../core/module.ts'
import { type Cron, parseCron } from './cron.ts'

export interface Timer {
  functionName: string
  name: string
  cron: string
  /** Where it is written. */
  file?: string
  /** Absent when it will never fire again, or (see `problem`) never can. */
  nextMs?: number
  problem?: string
}

export interface Timers extends Module {
  list(): Timer[]
  /** Fires now, whatever the expression says. Undefined when the function has no such timer. */
  fire(functionName: string): Promise<unknown> | undefined
  /** How often timers fire up to then; `most` where it is more. */
  countUntil(epochMs: number, most: number): number
  /** Reads the triggers again; those that did not change keep their appointment. */
  refresh(): void
}

export interface TimersDeps {
  clock: Clock
  log: Log
  triggers(): { functionName: string; name: string; cron: string; file?: string }[]
  invoke(functionName: string, event: TimerEvent): Promise<unknown>
}

/** What a timer gives its function (SCF manual, timer triggers); `Time` is UTC. */
export interface TimerEvent {
  Type: 'Timer'
  TriggerName: string
  Time: string
  Message: ''
}

/** Functions come and change while the cloud runs. */
const REFRESH_MS = 2_000

export function createTimers({ clock, log, triggers, invoke }: TimersDeps): Timers {
  const appointments = new Map<string, Timer & { cancel(): void }>()

  let refresher: NodeJS.Timeout | undefined

  function arm(timer: Omit<Timer, 'nextMs' | 'problem'>): void {
    const key = keyOf(timer)
    let cron: Cron
    try {
      cron = parseCron(timer.cron)
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error)
      const where = timer.file === undefined ? '' : ` in ${timer.file}`
      const mend = 'write seven fields, for example "0 0 2 * * * *" for every day at 02:00 in China'
      log.error(
        'timers',
        `${timer.functionName} will not be called by its timer ${timer.name}: ${problem}${where}; ${mend}`,
      )
      appointments.set(key, { ...timer, problem, cancel() {} })
      return
    }
    const nextMs = cron.next(clock.nowMs())
    if (nextMs === undefined) {
      appointments.set(key, { ...timer, cancel() {} })
      return
    }
    const cancel = clock.at(nextMs, async () => {
      // Armed before it runs: a jump of the clock over many days meets every one of them.
      arm(timer)
      await run(timer, nextMs)
    })
    appointments.set(key, { ...timer, nextMs, cancel })
  }

  async function run({ functionName, name }: Omit<Timer, 'nextMs'>, atMs: number): Promise<unknown> {
    const Time = new Date(atMs).toISOString().replace(/\.\d{3}Z$/, 'Z')
    return invoke(functionName, { Type: 'Timer', TriggerName: name, Time, Message: '' })
  }

  function refresh(): void {
    const wanted = new Map(triggers().map((trigger) => [keyOf(trigger), trigger]))
    for (const [key, { cancel }] of appointments) {
      if (wanted.has(key)) continue
      cancel()
      appointments.delete(key)
    }
    for (const [key, trigger] of wanted) if (!appointments.has(key)) arm(trigger)
  }

  return {
    name: 'timers',
    async start() {
      refresh()
      refresher = setInterval(refresh, REFRESH_MS)
      refresher.unref()
    },
    async stop() {
      clearInterval(refresher)
      for (const { cancel } of appointments.values()) cancel()
      appointments.clear()
    },
    list: () => [...appointments.values()].map(({ cancel: _, ...timer }) => timer),
    fire(functionName) {
      const timer = [...appointments.values()].find((candidate) => candidate.functionName === functionName)
      return timer && run(timer, clock.nowMs())
    },
    countUntil(epochMs, most) {
      let count = 0
      for (const { cron, nextMs } of appointments.values()) {
        if (nextMs === undefined) continue
        const { next } = parseCron(cron)
        for (
          let atMs: number | undefined = nextMs;
          atMs !== undefined && atMs <= epochMs && count < most;
          atMs = next(atMs)
        ) {
          count += 1
        }
      }
      return count
    },
    refresh,
  }
}

function keyOf({ functionName, name, cron }: Omit<Timer, 'nextMs'>): string {
  return JSON.stringify([functionName, name, cron])
}
