import * as z from 'zod'
import { auditEntries, type Context, defineRoute, idInput } from '../../_kernel/index.ts'

const AUDIT_SHOWN = 1_000

/** ops/exportUser: on a person's request, for an operator to hand over. */
export const exportUser = defineRoute({
  summary: 'Everything that is kept about a person',
  input: z.strictObject({ userId: idInput }),
  access: 'privacy:export',
  rateLimit: { limit: 10, perMs: 60_000 },
  audit: { action: 'privacy.export', subject: ({ userId }) => `user/${userId}` },
  handle: ({ userId }, ctx) => allAbout(ctx, userId),
})

/** ops/exportMyData: the same for oneself. */
export const exportMyData = defineRoute({
  summary: 'Everything that is kept about me',
  input: z.strictObject({}),
  access: 'user',
  rateLimit: { limit: 3, perMs: 60_000 },
  handle: (_input, ctx) => allAbout(ctx, ctx.userId),
})

async function allAbout(ctx: Context, userId: string) {
  const { contributors } = await import('./contributors.ts')
  const data: Record<string, Record<string, unknown>> = {}
  for (const { name, exportUser } of contributors) data[name] = await exportUser(ctx, userId)
  const actions = await ctx.db.query(auditEntries, {
    where: { actor: userId },
    orderBy: [['atMs', 'desc']],
    limit: AUDIT_SHOWN,
  })
  return {
    userId,
    exportedAtMs: ctx.clock.nowMs(),
    data,
    actions: actions.map(({ atMs, action, subject }) => ({ atMs, action, subject })),
  }
}
