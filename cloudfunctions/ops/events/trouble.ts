import * as z from 'zod'
import { type Context, command, defineRoute, type Where } from '../../_kernel/index.ts'
import { type AnyRow, anyRows } from '../rows.ts'

const DAY_MS = 86_400_000

/** What somebody has to look at, and with which route: each row is one count over an index of that collection. */
const kinds: {
  kind: string
  collection: string
  look: string
  where: (nowMs: number) => Where<AnyRow>
}[] = [
  {
    kind: 'dead-events',
    collection: 'outbox',
    look: 'ops/listDeadEvents',
    where: () => ({ status: 'dead' }),
  },
  {
    kind: 'failed-refunds',
    collection: 'refunds',
    look: 'payment/refunds',
    where: () => ({ state: 'failed' }),
  },
  {
    kind: 'stuck-refunds',
    collection: 'refunds',
    look: 'payment/refunds',
    where: (nowMs) => ({
      state: command.in(['pending', 'processing']),
      createdAtMs: command.lt(nowMs - DAY_MS),
    }),
  },
  {
    kind: 'mismatched-payments',
    collection: 'payments',
    look: 'payment/list',
    where: () => ({ state: 'mismatch' }),
  },
  {
    kind: 'failed-messages',
    collection: 'message_jobs',
    look: 'notification/listJobs',
    where: () => ({ status: command.in(['failed', 'dead']) }),
  },
  {
    kind: 'overdue-orders',
    collection: 'orders',
    look: 'order/operatorList',
    // The timer closes them a minute after their end: an hour later something keeps it from doing so.
    where: (nowMs) => ({ status: 'unpaid', payBeforeMs: command.lt(nowMs - DAY_MS / 24) }),
  },
]

/** ops/trouble: how much waits for an operator, by kind. One database request for each of six kinds. */
export const trouble = defineRoute({
  summary: 'What waits for an operator, and where to look',
  input: z.strictObject({}),
  access: 'ops:read',

  async handle(_input, ctx) {
    const items = await Promise.all(kinds.map((kind) => countOf(ctx, kind)))
    return { total: items.reduce((sum, { count }) => sum + count, 0), items }
  },
})

async function countOf(ctx: Context, { kind, collection, look, where }: (typeof kinds)[number]) {
  return { kind, look, count: await ctx.db.count(anyRows(collection), where(ctx.clock.nowMs())) }
}
