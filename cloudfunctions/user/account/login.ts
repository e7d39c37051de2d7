import * as z from 'zod'
import { type Context, defineRoute, grants, permissionsOf, refuse } from '../../_kernel/index.ts'
import { newUser, profileOf, type User } from '../model.ts'
import { users } from '../store.ts'

/** Between two writes of "was here last": a mini program logs in at every start, and writes are billed. */
const LAST_LOGIN_GRAIN_MS = 3_600_000

/**
 * user/login: the first call of a mini program. Makes the account when there is none; of several first calls at the
 * same time exactly one sees `isNew`. A deleted account stays closed until its owner asks for a fresh one.
 */
export const login = defineRoute({
  summary: 'Sign in; creates the account on the first call',
  input: z.object({ reopen: z.boolean().default(false) }),
  access: 'user',
  rateLimit: { limit: 30, perMs: 60_000 },

  async handle({ reopen }, ctx) {
    const { user, isNew } = await findOrCreate(ctx, reopen)
    return { profile: profileOf(user), isNew, ...(await rightsOf(ctx)) }
  },
})

async function findOrCreate(ctx: Context, reopen: boolean): Promise<{ user: User; isNew: boolean }> {
  const nowMs = ctx.clock.nowMs()
  const unionid = ctx.caller.kind === 'user' ? ctx.caller.unionid : undefined
  const fresh = newUser(ctx.userId, unionid, nowMs)
  const known = await ctx.db.find(users, ctx.userId)
  if (!known) {
    if (await ctx.db.insertIfAbsent(users, fresh)) return { user: fresh, isNew: true }
    return { user: await ctx.db.get(users, ctx.userId), isNew: false }
  }
  if (known.status === 'deleted') {
    if (!reopen) refuse('ACCOUNT_DELETED', { deletedAtMs: known.deletedAtMs })
    await ctx.db.putIf(users, fresh, { status: 'deleted' })
    return { user: fresh, isNew: true }
  }
  if (nowMs - known.lastLoginAtMs < LAST_LOGIN_GRAIN_MS) return { user: known, isNew: false }
  await ctx.db.updateIf(users, known._id, { status: 'active' }, { lastLoginAtMs: nowMs })
  return { user: { ...known, lastLoginAtMs: nowMs }, isNew: false }
}

/** What the client may show. It decides nothing: every route checks again. */
async function rightsOf(ctx: Context): Promise<{ roles: string[]; permissions: string[] }> {
  const permissions = new Set(await permissionsOf(ctx, ctx.userId))
  if (ctx.settings.ADMIN_OPENIDS.includes(ctx.userId)) permissions.add('*')
  // Customers hold nothing, and their login should not pay for asking twice.
  const roles = permissions.size === 0 ? [] : ((await ctx.db.find(grants, ctx.userId))?.roles ?? [])
  return { roles, permissions: [...permissions].sort() }
}
