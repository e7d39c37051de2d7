/** Which documents open transactions hold, and who waits for them. Locks live in memory: a restart has no transactions. */

import type { Collection } from './catalogue.ts'
import { encodeKey } from './keys.ts'
import type { Value } from './values.ts'

export interface LockOwner {
  readonly id: string
  /** The function invocation that the transaction belongs to, when one does. */
  readonly invocationId: string | undefined
}

export interface Locks {
  holder(key: string): LockOwner | undefined
  acquire(key: string, owner: LockOwner): void
  releaseAll(owner: LockOwner): void
  /** Settles true when the lock is free, false when `timeoutMs` of real time have passed. */
  waitFor(key: string, timeoutMs: number): Promise<boolean>
  /**
   * Settles when it is the caller's turn to try again: one at a time, in the order of their coming, each when the one
   * before has let go; or when `timeoutMs` of real time have passed. Who stands in line holds nothing.
   */
  standInLine(key: string, timeoutMs: number): Promise<void>
}

/** Who was called and does not come loses its turn. */
const TURN_MS = 20

export function lockKey(collection: Collection, id: Value): string {
  return `${collection.id}:${encodeKey(id).toString('latin1')}`
}

export function createLocks(): Locks {
  const held = new Map<string, LockOwner>()
  const keysOf = new Map<string, Set<string>>()
  const waiting = new Map<string, Set<() => void>>()
  const lines = new Map<string, Set<() => void>>()
  const turns = new Map<string, NodeJS.Timeout>()

  /** Calls whoever comes next, unless somebody has been called and may be on the way. */
  function callNext(key: string): void {
    clearTimeout(turns.get(key))
    turns.delete(key)
    const [next] = lines.get(key) ?? []
    if (held.has(key) || !next) return
    turns.set(key, setTimeout(callNext, TURN_MS, key))
    next()
  }

  return {
    holder: (key) => held.get(key),
    acquire(key, owner) {
      held.set(key, owner)
      const keys = keysOf.get(owner.id) ?? new Set()
      keysOf.set(owner.id, keys.add(key))
    },
    releaseAll(owner) {
      const keys = keysOf.get(owner.id) ?? []
      keysOf.delete(owner.id)
      for (const key of keys) {
        held.delete(key)
        for (const wake of waiting.get(key) ?? []) wake()
        callNext(key)
      }
    },
    waitFor(key, timeoutMs) {
      if (!held.has(key)) return Promise.resolve(true)
      return new Promise((resolve) => {
        const wakes = waiting.get(key) ?? new Set()
        waiting.set(key, wakes)
        const settle = (isFree: boolean) => {
          clearTimeout(timer)
          wakes.delete(wake)
          if (wakes.size === 0) waiting.delete(key)
          resolve(isFree)
        }
        const wake = () => settle(true)
        const timer = setTimeout(() => settle(false), timeoutMs)
        wakes.add(wake)
      })
    },
    standInLine(key, timeoutMs) {
      return new Promise((resolve) => {
        const line = lines.get(key) ?? new Set()
        lines.set(key, line)
        const leave = () => {
          clearTimeout(timer)
          line.delete(leave)
          if (line.size === 0) lines.delete(key)
          resolve()
        }
        const timer = setTimeout(leave, timeoutMs)
        line.add(leave)
        if (!turns.has(key)) callNext(key)
      })
    },
  }
}
