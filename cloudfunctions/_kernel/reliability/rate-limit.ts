import QuickLRU from 'quick-lru'
import { perInstance } from '../runtime/instance.ts'

/** Times of the latest calls, for each caller and route that this instance has seen lately. */
const recentCalls = perInstance(() => new QuickLRU<string, number[]>({ maxSize: 20_000 }))

/**
 * Counts this call against a sliding window. The count is this instance's own: with n instances a caller gets at most
 * n times the limit, which is enough against bots and costs no database request.
 *
 * @returns 0, or after how many milliseconds the caller may try again.
 */
export function takeFromLimit(
  key: string,
  { limit, perMs }: { limit: number; perMs: number },
  nowMs: number,
): number {
  const calls = (recentCalls().get(key) ?? []).filter((atMs) => atMs > nowMs - perMs)
  const oldest = calls[0]
  if (calls.length >= limit && oldest !== undefined) return oldest + perMs - nowMs
  calls.push(nowMs)
  recentCalls().set(key, calls)
  return 0
}
