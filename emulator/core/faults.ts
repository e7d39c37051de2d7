/**
 * One table of faults for every service. A rule names where it strikes (`service` and `operation`, both may be `*`),
 * what happens, and how often. A service asks `strike` at the points where the platform could fail.
 */
export type FaultEffect =
  /** Answer with this platform code instead of doing the work. */
  | { kind: 'error'; code: string; message?: string }
  /** Do the work after waiting, in real milliseconds. */
  | { kind: 'delay'; ms: number }
  /** Do the work, then lose the reply: the caller sees a broken connection. */
  | { kind: 'reply-lost' }
  /** Do the work twice. */
  | { kind: 'duplicate' }
  /** Kill the function instance that asked. */
  | { kind: 'crash' }

export interface FaultRule {
  id: string
  /** `database`, `functions`, `storage`, `wechat`, or `*`. */
  service: string
  /** `database.modifyDocument`, `pay.refund`, a function's name, …, or `*`. */
  operation: string
  effect: FaultEffect
  /** Strikes from the n-th matching operation on, counted from 1 (default 1). */
  from?: number
  /** How many times it strikes (default: always). */
  times?: number
  /** Chance from 0 to 1 at each matching operation (default 1), drawn from the seeded generator. */
  probability?: number
}

export interface Faults {
  add(rule: Omit<FaultRule, 'id'>): FaultRule
  remove(id: string): boolean
  clear(): void
  list(): (FaultRule & { seen: number; struck: number })[]
  /** The effect to apply to this operation, if any. Counts the operation for every rule that matches. */
  strike(service: string, operation: string): FaultEffect | undefined
}

/** A small seeded generator (mulberry32), so that a run with faults can be replayed. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export function createFaults(random: () => number = Math.random): Faults {
  const rules = new Map<string, FaultRule & { seen: number; struck: number }>()
  let nextId = 1
  return {
    add(rule) {
      const id = `fault-${nextId++}`
      const added = { ...rule, id }
      rules.set(id, { ...added, seen: 0, struck: 0 })
      return added
    },
    remove: (id) => rules.delete(id),
    clear: () => rules.clear(),
    list: () => [...rules.values()],
    strike(service, operation) {
      let effect: FaultEffect | undefined
      for (const rule of rules.values()) {
        if (rule.service !== '*' && rule.service !== service) continue
        if (rule.operation !== '*' && rule.operation !== operation) continue
        rule.seen += 1
        if (effect || rule.seen < (rule.from ?? 1) || rule.struck >= (rule.times ?? Number.POSITIVE_INFINITY))
          continue
        if (rule.probability !== undefined && random() >= rule.probability) continue
        rule.struck += 1
        effect = rule.effect
      }
      return effect
    },
  }
}
