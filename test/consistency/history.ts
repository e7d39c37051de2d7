/** What clients did and saw, for a checker that knows nothing else. */

export type Step =
  | { kind: 'append'; key: string; value: number }
  /** `list` is what the read saw; absent when no answer came. */
  | { kind: 'read'; key: string; list?: number[] }

/** A transaction, or (one step) a plain read or write. */
export interface Done {
  id: number
  steps: Step[]
  /** On one clock for all clients. */
  startedAt: number
  /** When its client knew; absent as long as it does not know. */
  endedAt?: number
  /** `unknown`: the connection broke before the answer, so it happened or it did not. */
  outcome: 'committed' | 'aborted' | 'unknown'
}
