import QuickLRU from 'quick-lru'
import { perInstance } from '../../_kernel/index.ts'
import { type Fold, fold } from './log.ts'
import { type HotStock, shardIds } from './model.ts'

/** A shard as this instance last saw it. */
export interface Known extends Fold {
  readonly stock: HotStock
  seenAtMs: number
}

/** How long what was seen counts as what is. After a release, a buyer may be refused for this long. */
const FRESH_MS = 1_500

const shards = perInstance(() => new QuickLRU<string, Known>({ maxSize: 200 }))

export function knownShard(shardId: string): Known | undefined {
  return shards().get(shardId)
}

export function isFresh(known: Known, nowMs: number): boolean {
  return nowMs - known.seenAtMs < FRESH_MS
}

/** Remembers a shard, unless a reply that was slower on its way tells of an older state. @returns what `stock` says. */
export function learn(stock: HotStock, nowMs: number): Known {
  const seen: Known = { ...fold(stock), stock, seenAtMs: nowMs }
  const before = shards().get(stock._id)
  if (!before || isNewer(stock, before.stock)) shards().set(stock._id, seen)
  return seen
}

export function forget(hotId: string): void {
  for (const shardId of shardIds(hotId)) shards().delete(shardId)
}

function isNewer(stock: HotStock, other: HotStock): boolean {
  return stock.epoch === other.epoch ? stock.entries >= other.entries : stock.epoch > other.epoch
}
