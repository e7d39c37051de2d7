import QuickLRU from 'quick-lru'
import * as z from 'zod'
import type { Context } from '../context.ts'
import { collection } from '../data/collection.ts'
import { command } from '../runtime/cloud.ts'
import { perInstance } from '../runtime/instance.ts'

export interface Cache<V> {
  /** The kept value, or the loaded one. Loads once however many ask for the same key at the same time. */
  get(ctx: Context, key: string, load: () => Promise<V>): Promise<V>
  /** Forgets the key here at once and, if the cache is `shared`, everything everywhere within `CHECK_EVERY_MS`. */
  invalidate(ctx: Context, key: string): Promise<void>
}

const cacheVersions = collection('cache_versions', z.object({ _id: z.string(), version: z.int() }))

/** How old another instance's knowledge of an invalidation may be. Costs one database request per instance and interval. */
const CHECK_EVERY_MS = 15_000

/**
 * A cache in the memory of the instance; define it once per module.
 *
 * @param options.ttlMs how old a value may be at most.
 * @param options.shared announce invalidations to other instances through the database.
 */
export function defineCache<V>(options: {
  name: string
  ttlMs: number
  max: number
  shared?: boolean
}): Cache<V> {
  const memory = perInstance(() => ({
    kept: new QuickLRU<string, { value: V; expiresAtMs: number }>({ maxSize: options.max }),
    loading: new Map<string, Promise<V>>(),
    version: -1,
    checkedAtMs: Number.NEGATIVE_INFINITY,
  }))

  async function dropIfInvalidated(ctx: Context): Promise<void> {
    const own = memory()
    const nowMs = ctx.clock.nowMs()
    if (!options.shared || nowMs - own.checkedAtMs < CHECK_EVERY_MS) return
    own.checkedAtMs = nowMs
    // What was read just now cannot be older than the interval allows: the first question can wait.
    if (own.kept.size === 0) return
    const current = (await ctx.db.find(cacheVersions, options.name))?.version ?? 0
    if (current !== own.version) own.kept.clear()
    own.version = current
  }

  return {
    async get(ctx, key, load) {
      await dropIfInvalidated(ctx)
      const { kept, loading } = memory()
      const entry = kept.get(key)
      if (entry && entry.expiresAtMs > ctx.clock.nowMs()) return entry.value
      const underWay = loading.get(key)
      if (underWay) return underWay
      const freshLoad = load().finally(() => loading.delete(key))
      loading.set(key, freshLoad)
      const value = await freshLoad
      kept.set(key, { value, expiresAtMs: ctx.clock.nowMs() + options.ttlMs })
      return value
    },

    async invalidate(ctx, key) {
      memory().kept.delete(key)
      if (!options.shared) return
      const bumped = await ctx.db.update(cacheVersions, options.name, { version: command.inc(1) })
      if (!bumped) await ctx.db.insertIfAbsent(cacheVersions, { _id: options.name, version: 1 })
    },
  }
}
