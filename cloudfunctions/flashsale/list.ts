import * as z from 'zod'
import { command, defineCache, defineRoute } from '../_kernel/index.ts'
import { type FlashSale, flashSales, phaseOf } from './model.ts'
import { toCustomerSale } from './view.ts'

/** All of them: a shop has a handful at a time. */
const MOST_SHOWN = 50

const publishedSales = defineCache<FlashSale[]>({ name: 'flash-sales', ttlMs: 5_000, max: 1 })

export const list = defineRoute({
  summary: 'Sales that run and that come, by opening time',
  input: z.object({}),
  access: 'public',

  async handle(_input, ctx) {
    const sales = await publishedSales.get(ctx, 'published', () =>
      ctx.db.query(flashSales, {
        where: { status: command.in(['scheduled', 'running']), closesAtMs: command.gt(ctx.clock.nowMs()) },
        orderBy: [['closesAtMs', 'asc']],
        limit: MOST_SHOWN,
      }),
    )
    const nowMs = ctx.clock.nowMs()
    const items = sales
      .filter((sale) => phaseOf(sale, nowMs) !== 'ended')
      .sort((a, b) => a.opensAtMs - b.opensAtMs)
      .map((sale) => toCustomerSale(sale, nowMs))
    return { items, serverNowMs: nowMs }
  },
})
