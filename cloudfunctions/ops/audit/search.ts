import * as z from 'zod'
import { auditEntries, command, defineRoute, pageInput, type Where } from '../../_kernel/index.ts'

const name = z.string().min(1).max(128).optional()

/** ops/searchAudit: who did what to which record, latest first. One database request. */
export const searchAudit = defineRoute({
  summary: 'Search the audit log by actor, subject, action and time',
  input: z.strictObject({
    ...pageInput.shape,
    actor: name,
    subject: name,
    action: name,
    fromMs: z.int().min(0).optional(),
    toMs: z.int().min(0).optional(),
  }),
  access: 'ops:audit',
  whileClosed: true,

  handle({ cursor, size, actor, subject, action, fromMs, toMs }, ctx) {
    const during =
      fromMs === undefined && toMs === undefined
        ? {}
        : { atMs: command.gte(fromMs ?? 0).and(command.lt(toMs ?? Number.MAX_SAFE_INTEGER)) }
    const where: Where<ReturnType<typeof auditEntries.parse>> = {
      ...(actor !== undefined && { actor }),
      ...(subject !== undefined && { subject }),
      ...(action !== undefined && { action }),
      ...during,
    }
    return ctx.db.page(auditEntries, { where, orderBy: ['atMs', 'desc'], cursor, size })
  },
})
