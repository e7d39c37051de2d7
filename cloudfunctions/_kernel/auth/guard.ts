import type { Caller, Context } from '../context.ts'
import { refuse } from '../errors/app-error.ts'
import type { Route } from '../route.ts'
import { closedUntil, isBanned, permissionsOf } from './grants.ts'

/** Who a call is made for: the caller, the one a function calls on behalf of, or a partner (no openid is like its id). */
export function userOf(caller: Caller): string | undefined {
  if (caller.kind === 'user') return caller.openid
  if (caller.kind === 'partner') return caller.partnerId
  return caller.kind === 'function' ? caller.onBehalfOf : undefined
}

/** Lets the call pass or refuses UNAUTHENTICATED, FORBIDDEN, USER_BANNED or CLOSED_FOR_MAINTENANCE. */
export async function authorise(route: Route, ctx: Context): Promise<void> {
  const { caller } = ctx
  switch (route.access) {
    case 'public':
      return
    case 'internal':
      if (caller.kind !== 'function') refuse('FORBIDDEN', { needs: 'internal' })
      return
    case 'timer':
      if (caller.kind !== 'timer') refuse('FORBIDDEN', { needs: 'timer' })
      return
    default:
      if (caller.kind === 'partner' && route.access === 'user') refuse('FORBIDDEN', { needs: 'user' })
      if (!route.bansCheckedLater) await assertOpenTo(ctx, ctx.userId, route)
      if (route.access !== 'user' && !(await ctx.can(route.access)))
        refuse('FORBIDDEN', { needs: route.access })
  }
}

/** A platform event that comes while nobody may write is refused, and so repeated by the platform. */
export async function assertOpen(ctx: Context): Promise<void> {
  const untilMs = await closedUntil(ctx)
  if (untilMs !== undefined) refuse('CLOSED_FOR_MAINTENANCE', { untilMs })
}

async function assertOpenTo(ctx: Context, userId: string, route: Route): Promise<void> {
  if (!route.whileClosed) await assertOpen(ctx)
  if (await isBanned(ctx, userId)) refuse('USER_BANNED')
}

/** Operators named in the settings hold every permission: they grant the first roles. */
export async function holdsPermission(ctx: Context, permission: string): Promise<boolean> {
  if (ctx.caller.kind === 'partner') return ctx.caller.scopes.includes(permission)
  const user = userOf(ctx.caller)
  if (user === undefined) return false
  if (ctx.settings.ADMIN_OPENIDS.includes(user)) return true
  const held = await permissionsOf(ctx, user)
  return held.has('*') || held.has(permission)
}
