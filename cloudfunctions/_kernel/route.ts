import type * as z from 'zod'
import type { Context } from './context.ts'

/**
 * Who may call a route: `public` anybody, `user` a signed-in user who is not banned, `internal` another function,
 * `timer` the scheduler's trigger, or a permission such as `order:ship` that one of the caller's roles holds.
 */
export type Access = 'public' | 'user' | 'internal' | 'timer' | Permission
export type Permission = `${string}:${string}`

export interface Route<I extends z.ZodType = z.ZodType, R = unknown> {
  /** One sentence for the route table. */
  readonly summary: string
  readonly input: I
  readonly access: Access
  /**
   * `once`: the handler runs its effect in `ctx.once`, which keeps the reply. `derived`: the handler derives the ids of
   * what it writes from `ctx.requestId`, and finds its earlier effect by itself. Both need a `requestId` from the caller.
   */
  readonly idempotent?: 'once' | 'derived'
  /** Calls per caller in a sliding window, counted per instance. */
  readonly rateLimit?: { limit: number; perMs: number }
  /** Names the audited action; the entry is written with the handler's first transaction, or after the handler without one. */
  readonly audit?: { action: string; subject(input: z.output<I>): string }
  /** Why this route leaves the check for banned users to a later step. */
  readonly bansCheckedLater?: string
  /** May be called while maintenance keeps everybody else out; for those who do the maintenance. */
  readonly whileClosed?: true
  /** How many database requests it makes is a promise: what the kernel has measured is stored with another call. */
  readonly fixedCost?: true
  handle(input: z.output<I>, ctx: Context): Promise<R>
}

/** A function's table of contents; its type is what the mini program's client is checked against. */
export type Routes = Record<string, Route>

export function defineRoute<I extends z.ZodType, R>(route: Route<I, R>): Route<I, R> {
  return route
}
