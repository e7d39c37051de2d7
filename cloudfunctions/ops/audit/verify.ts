import * as z from 'zod'
import { defineRoute, verifyAuditChain } from '../../_kernel/index.ts'
import { anyRows } from '../rows.ts'

/** ops/verifyAudit: walks the chains from their beginnings. One database request for each 500 entries, and one per chain. */
export const verifyAudit = defineRoute({
  summary: 'Check that no entry of the audit log was changed, removed or inserted',
  input: z.strictObject({
    /** A function's name; all chains when not given. */
    chain: z.string().min(1).max(40).optional(),
  }),
  access: 'ops:audit',
  whileClosed: true,
  rateLimit: { limit: 5, perMs: 60_000 },

  async handle({ chain }, ctx) {
    const chains =
      chain === undefined
        ? (await ctx.db.query(anyRows('audit_heads'), { orderBy: [['_id', 'asc']], limit: 100 })).map(
            ({ _id }) => _id,
          )
        : [chain]
    const items: { chain: string; verified: number; brokenAt: number | null }[] = []
    for (const name of chains) items.push({ chain: name, ...(await verifyAuditChain(ctx, name)) })
    return { isWhole: items.every(({ brokenAt }) => brokenAt === null), items }
  },
})
