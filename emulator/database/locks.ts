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
}

export function lockKey(collection: Collection, id: Value): string {
  return `${collection.id}:${encodeKey(id).toString('latin1')}`
}

export function createLocks(): Locks {
  const held = new Map<string, LockOwner>()
  const keysOf = new Map<string, Set<string>>()
  const waiting = new Map<string, Set<() => void>>()
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
  }
}
