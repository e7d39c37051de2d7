import { setTimeout as sleep } from 'node:timers/promises'
import type { BilledCall, CostMeter } from './cost.ts'
import { WireError } from './errors.ts'
import type { FaultEffect, Faults } from './faults.ts'

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
  /** Ends the function instance that the `crash` fault is about. */
  crash(done: T): void
}

/** The one place where a call to the cloud is counted, and where injected faults strike. */
export type Metering = <T>(call: MeteredCall<T>) => Promise<T>

export function createMetering(faults: Faults, cost: CostMeter): Metering {
  return async (call) => {
    cost.record(call.billed)
    return suffer(faults.strike(call.billed.service, call.faultOperation ?? call.billed.operation), call)
  }
}

async function suffer<T>(effect: FaultEffect | undefined, { work, crash }: MeteredCall<T>): Promise<T> {
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
      await work().catch(() => undefined)
      return first
    }
    case 'reply-lost':
      await work()
      throw new ReplyLost('reply-lost')
    case 'crash':
      crash(await work())
      throw new ReplyLost('crash')
  }
}
