/** What notices of WeChat Pay have in common. */
import type { Context } from '../_kernel/index.ts'

/** The only answer that ends the repeats (paymentCallback.md): the number 0. */
export const stored = { errcode: 0, errmsg: 'ok' }

/** Logged, not written down: otherwise whoever makes notices up could fill our database. */
export function denied(ctx: Context, why: string, about?: string): { errcode: number; errmsg: string } {
  ctx.log.warn({ why, about, caller: ctx.caller.kind }, 'notice not believed')
  return { errcode: 1, errmsg: 'not settled' }
}

/** The manual shows camelCase, merchants have seen snake_case: both are read. */
export function toCamelCase(event: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(event).map(([key, value]) => [
      key.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase()),
      value,
    ]),
  )
}
