import * as z from 'zod'
import type { Context } from '../context.ts'
import { collection } from '../data/collection.ts'
import { text } from '../input.ts'
import { defineCache } from '../reliability/cache.ts'

/** A named set of permissions. */
export const roles = collection(
  'roles',
  z.object({
    _id: text,
    title: text,
    permissions: z.array(text),
    updatedAtMs: z.int(),
  }),
)
export type Role = ReturnType<typeof roles.parse>

/** Which roles a user holds; no document, no role. */
export const grants = collection(
  'grants',
  z.object({ _id: text, roles: z.array(text), updatedAtMs: z.int() }),
)

/** Who may not call: one document, so that every instance can keep the whole list. While it is closed, nobody may. */
const banLists = collection(
  'ban_lists',
  z.object({
    _id: text,
    bans: z.array(z.object({ openid: text, untilMs: z.int().nullable() })),
    closedUntilMs: z.int().optional(),
  }),
)
type BanDocument = ReturnType<typeof banLists.parse>

const ALL = 'all'
const permissionCache = defineCache<ReadonlySet<string>>({
  name: 'permissions',
  ttlMs: 60_000,
  max: 2_000,
  shared: true,
})
const banCache = defineCache<{ bans: ReadonlyMap<string, number | null>; closedUntilMs: number }>({
  name: 'bans',
  ttlMs: 60_000,
  max: 1,
  shared: true,
})

/** The permissions of all roles of a user; at most two database requests, then kept for a minute. */
export async function permissionsOf(ctx: Context, openid: string): Promise<ReadonlySet<string>> {
  return permissionCache.get(ctx, openid, async () => {
    const grant = await ctx.db.find(grants, openid)
    const held = await ctx.db.findMany(roles, grant?.roles ?? [])
    return new Set(held.flatMap((role) => role.permissions))
  })
}

/** After a change of roles or grants: every instance reads them anew within seconds. */
export async function forgetPermissions(ctx: Context, openid: string): Promise<void> {
  await permissionCache.invalidate(ctx, openid)
}

export async function isBanned(ctx: Context, openid: string): Promise<boolean> {
  const { bans } = await readBans(ctx)
  const untilMs = bans.get(openid)
  return untilMs !== undefined && (untilMs === null || untilMs > ctx.clock.nowMs())
}

/** Until when everybody is shut out for maintenance; undefined when nobody is. Read with the bans, at no cost of its own. */
export async function closedUntil(ctx: Context): Promise<number | undefined> {
  const { closedUntilMs } = await readBans(ctx)
  return closedUntilMs > ctx.clock.nowMs() ? closedUntilMs : undefined
}

function readBans(ctx: Context) {
  return banCache.get(ctx, ALL, async () => {
    const list = await ctx.db.find(banLists, ALL)
    return {
      bans: new Map(list?.bans.map(({ openid, untilMs }) => [openid, untilMs])),
      closedUntilMs: list?.closedUntilMs ?? 0,
    }
  })
}

export interface BanList {
  /** @param untilMs when the ban ends by itself; null for never. */
  add(ctx: Context, openid: string, untilMs: number | null): Promise<void>
  remove(ctx: Context, openid: string): Promise<void>
}

export const banList: BanList = {
  add: (ctx, openid, untilMs) =>
    changeBans(ctx, ({ bans, ...list }) => ({
      ...list,
      bans: [...without(bans, openid), { openid, untilMs }],
    })),
  remove: (ctx, openid) => changeBans(ctx, ({ bans, ...list }) => ({ ...list, bans: without(bans, openid) })),
}

/**
 * Shuts everybody out of every route and platform event but those that declare `whileClosed`, for maintenance that must
 * not meet writers. Ends by itself. Another instance learns of it within seconds; what began before may go on until then.
 */
export const maintenance = {
  begin: (ctx: Context, untilMs: number): Promise<void> =>
    changeBans(ctx, (list) => ({ ...list, closedUntilMs: untilMs })),
  end: (ctx: Context): Promise<void> => changeBans(ctx, (list) => ({ ...list, closedUntilMs: 0 })),
}

async function changeBans(ctx: Context, change: (list: BanDocument) => BanDocument): Promise<void> {
  await ctx.transaction(async (tx) => {
    const list = (await tx.find(banLists, ALL)) ?? { _id: ALL, bans: [] }
    const current = list.bans.filter(({ untilMs }) => untilMs === null || untilMs > ctx.clock.nowMs())
    await tx.put(banLists, change({ ...list, bans: current }))
  })
  await banCache.invalidate(ctx, ALL)
}

function without(bans: BanDocument['bans'], openid: string): BanDocument['bans'] {
  return bans.filter((ban) => ban.openid !== openid)
}
