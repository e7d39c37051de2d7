/**
 * Stock that thousands want in the same second. A hot stock is one document (or several, its shards) with an
 * append-only log of who asked for what. Asking is one unconditional append that returns the document; who got what
 * follows from the log's order alone, so every reader comes to the same answer, now and after any crash. No I/O.
 */
import { createHash } from 'node:crypto'
import * as z from 'zod'
import { collection, text } from '../../_kernel/index.ts'

const ms = z.int()
const count = z.int().min(0)

export const hotStocks = collection(
  'hot_stocks',
  z.object({
    /** The hot stock's id, with `#` and the number of the shard when there are several. */
    _id: text,
    hotId: text,
    skuId: text,
    /** Of this shard. */
    units: count,
    perUser: z.int().min(1),
    opensAtMs: ms,
    closesAtMs: ms,
    /** `closed`: nobody gets any more, but units are still held. `settled`: nothing is left to do. */
    state: z.enum(['open', 'closed', 'settled']),
    /** What the owner wants to know at a sale without another read: price, titles. */
    terms: z.record(text, z.unknown()),
    log: z.array(text),
    /** Length of `log`, so that a condition can bound it. */
    entries: count,
    /** Number of releases so far: as long as it stays, a shard seen full is full. */
    freed: count,
    /** Number of compactions so far. */
    epoch: count,
    /** Units that went back into the inventory after closing. */
    returned: count,
  }),
)
export type HotStock = ReturnType<typeof hotStocks.parse>

/** About 25 kB of log when sold out: small enough to travel with each reply. */
export const UNITS_PER_SHARD = 500
export const MAX_SHARDS = 64
/** About 200 kB, well below the platform's 512 kB for a document. */
export const MAX_ENTRIES = 4_000

/** The number of shards is part of the id, so that nobody has to look it up. */
export function hotIdFor(base: string, units: number): string {
  const shards = Math.ceil(units / UNITS_PER_SHARD)
  return shards <= 1 ? base : `${base}-${Math.min(shards, MAX_SHARDS)}`
}

export function shardsOf(hotId: string): number {
  const digits = /-(\d{1,2})$/.exec(hotId)?.[1]
  return digits === undefined ? 1 : Math.min(Math.max(Number(digits), 1), MAX_SHARDS)
}

/** What may still be put into a hot stock whose id was made for fewer units. */
export function mostUnits(hotId: string): number {
  return shardsOf(hotId) * UNITS_PER_SHARD * 2
}

export function shardIds(hotId: string): string[] {
  const shards = shardsOf(hotId)
  return shards === 1 ? [hotId] : Array.from({ length: shards }, (_, shard) => `${hotId}#${shard}`)
}

export function hotIdOf(shardId: string): string {
  return shardId.split('#')[0] ?? shardId
}

/** Every request of a user begins at the same shard, which therefore knows how much the user has. */
export function homeShard(hotId: string, userId: string): string {
  const ids = shardIds(hotId)
  const number = createHash('sha256').update(userId).digest().readUInt32BE(0)
  return ids[number % ids.length] ?? hotId
}

/** Who a user is in the log: short, and no personal data. */
export function userKeyOf(userId: string): string {
  return createHash('sha256').update(`hot\u0000${userId}`).digest('base64url').slice(0, 12)
}
