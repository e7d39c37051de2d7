/** Time comes in through here, so that a test or the local cloud can move it. */
export interface Clock {
  /** Epoch milliseconds. */
  nowMs(): number
}

export const systemClock: Clock = { nowMs: () => Date.now() }
