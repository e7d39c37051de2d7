/** The buyers' side: many users, each with one request that is repeated until somebody decides it. */
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { LocalCloud } from '../local-cloud.ts'

export interface Buyer {
  user: string
  /** Order ids of this buyer's wins: one for the first request, and one more if the limit failed. */
  won: string[]
  refusals: string[]
  /** Gave up after the first failure: what it may hold is the sweeper's. */
  walkedAway: boolean
}

export interface Rush {
  buyers: Buyer[]
  latenciesMs: number[]
  durationMs: number
  /** Tries that ended without a decision and were repeated. */
  repeats: number
}

/** Everything else decides nothing and is tried again with the same request id. */
const FINAL = new Set(['SOLD_OUT', 'LIMIT_REACHED', 'RESERVATION_LAPSED', 'SALE_ENDED'])
const MOST_TRIES = 200
const PAUSE_MS = 100

export async function rush(
  cloud: LocalCloud,
  options: {
    saleId: string
    names: string[]
    concurrency: number
    /** Of a hundred buyers who meet a failure, this many do not come back. */
    walkAwayPercent: number
    onProgress?(done: number): void
  },
): Promise<Rush> {
  const { saleId, names, concurrency, walkAwayPercent } = options
  const latenciesMs: number[] = []
  let repeats = 0
  let next = 0
  const buyers: Buyer[] = names.map((user) => ({ user, won: [], refusals: [], walkedAway: false }))

  async function buy(buyer: Buyer, requestId: string, number: number): Promise<void> {
    for (let tries = 1; tries <= MOST_TRIES; tries++) {
      const startedAt = performance.now()
      const answer = await cloud.call<{ orderId: string }>(buyer.user, 'flashsale/buy', { saleId }, requestId)
      if (answer.ok) {
        latenciesMs.push(performance.now() - startedAt)
        if (!buyer.won.includes(answer.data.orderId)) buyer.won.push(answer.data.orderId)
        return
      }
      if ('error' in answer && FINAL.has(answer.error)) {
        latenciesMs.push(performance.now() - startedAt)
        buyer.refusals.push(answer.error)
        return
      }
      repeats += 1
      if (number % 100 < walkAwayPercent) {
        buyer.walkedAway = true
        return
      }
      await pause(PAUSE_MS * Math.min(tries, 10))
    }
    buyer.refusals.push('NEVER_DECIDED')
  }

  async function worker(): Promise<void> {
    for (let number = next++; number < buyers.length; number = next++) {
      const buyer = buyers[number]
      if (!buyer) return
      const requestId = randomUUID()
      // Some tap twice: the same request at the same time.
      const taps = number % 10 === 0 ? 2 : 1
      await Promise.all(Array.from({ length: taps }, () => buy(buyer, requestId, number)))
      // A winner wants another one, which the limit forbids.
      if (buyer.won.length > 0) await buy(buyer, randomUUID(), number)
      options.onProgress?.(number)
    }
  }

  const startedAt = performance.now()
  await Promise.all(Array.from({ length: concurrency }, worker))
  return { buyers, latenciesMs, durationMs: performance.now() - startedAt, repeats }
}
