import { setTimeout as sleep } from 'node:timers/promises'
import type { BilledCall, CostMeter } from './cost.ts'
import { WireError } from './errors.ts'
import type { FaultEffect, Faults } from './faults.ts'
import type { Gate } from './gate.ts'
import { type Usage, usageOf } from './usage.ts'

/** The work was done, but its caller must not learn of it: the connection breaks instead. */
export class ReplyLost extends Error {
  constructor(effect: 'reply-lost' | 'crash') {
    super(
      effect === 'crash'
        ? 'the function instance crashed (injected fault)'
        : 'the reply was lost (injected fault)',
    )
    this.name = 'ReplyLost'
  }
}

export interface MeteredCall<T> {
  billed: BilledCall
  /** What fault rules name; the billed operation when absent. */
  faultOperation?: string
  work(): Promise<T>
  /** The code of work that failed without throwing. */
  codeOf?(done: T): string | undefined
  /** Ends the function instance that the `crash` fault is about. */
  crash(done: T): void
}

/** The one place where a call to the cloud is limited and counted, and where injected faults strike. */
export type Metering = <T>(call: MeteredCall<T>) => Promise<T>

export interface MeteringOptions {
  /** Refuses a call over the plan's limits; returns what is called when it is over. */
  admit?(call: BilledCall): () => void
  /** Holds calls back while a snapshot is taken or put back; those of functions, which wait for other calls, pass. */
  gate?: Gate
  /** Hears of every call that was admitted, when it is over. */
  onCall?(call: FinishedCall): void
}

export interface FinishedCall {
  billed: BilledCall
  startedMs: number
  durationMs: number
  usage: Usage
  /** Absent when it went well. */
  code?: string
}

export function createMetering(
  faults: Faults,
  cost: CostMeter,
  { admit, gate, onCall }: MeteringOptions = {},
): Metering {
  return async <T>(call: MeteredCall<T>): Promise<T> => {
    const { billed } = call
    const leave = admit?.(billed)
    cost.record(billed)
    const startedMs = performance.now()
    let usage = usageOf(billed.service, undefined)
    let code: string | undefined
    try {
      const effect = faults.strike(billed.service, call.faultOperation ?? billed.operation)
      const work = () =>
        suffer(effect, call, (done) => {
          usage = usageOf(billed.service, done)
          code = call.codeOf?.(done)
        })
      return await (gate && billed.service !== 'functions' ? gate.pass(work) : work())
    } catch (error) {
      code = error instanceof WireError ? error.code : 'SYS_ERR'
      throw error
    } finally {
      leave?.()
      cost.use(billed, usage)
      onCall?.({ billed, startedMs, durationMs: performance.now() - startedMs, usage, code })
    }
  }
}

async function suffer<T>(
  effect: FaultEffect | undefined,
  call: MeteredCall<T>,
  onDone: (done: T) => void,
): Promise<T> {
  const work = async () => {
    const done = await call.work()
    onDone(done)
    return done
  }
  switch (effect?.kind) {
    case undefined:
      return work()
    case 'error':
      throw new WireError(effect.code, effect.message ?? `${effect.code} (injected fault)`)
    case 'delay':
      await sleep(effect.ms)
      return work()
    case 'duplicate': {
      const first = await work()
      // What the second run answers is nobody's: a refusal of it is as it should be.
      await call.work().catch(() => undefined)
      return first
    }
    case 'reply-lost':
      await work()
      throw new ReplyLost('reply-lost')
    case 'crash':
      call.crash(await work())
      throw new ReplyLost('crash')
  }
}
