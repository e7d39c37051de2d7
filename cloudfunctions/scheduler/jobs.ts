/** Everything that happens without anybody asking. A new job is one entry here; jobs that are due together run in this order. */
import { type Context, cleanExpired, command, sweepOutbox } from '../_kernel/index.ts'
import { moveDueApprovals, replaceLeavers } from '../approval/public.ts'
import { cleanCountedSales } from '../catalog/public.ts'
import { cleanCollab, compactDocuments } from '../collab/public.ts'
import { cleanImageVerdicts, sweepReviews, verifyNextCounters } from '../community/public.ts'
import { sweepFlashSales } from '../flashsale/public.ts'
import { cleanGateway, sendWebhooks } from '../gateway/public.ts'
import { retryChecks, sweepMedia } from '../media/public.ts'
import { cleanInbox, cleanMessages, retryMessages } from '../notification/public.ts'
import { backUp, cleanErasures, cleanMetrics, condenseMetrics } from '../ops/public.ts'
import { confirmDeliveredOrders, expireUnpaidOrders } from '../order/public.ts'
import { reconcileDay, syncPendingPayments, syncPendingRefunds } from '../payment/public.ts'
import { chinaDay, DAY_MS, type Job, schedulerRuns } from './model.ts'

/** Of one batch. Small, because the events that a batch causes are delivered in the same run. */
const BATCH = 20
/** Of jobs that come to their end once a minute: a shop that has more of them than this each minute falls behind. */
const MINUTE_BATCH = 100
const CLEANING_BATCH = 200

export const jobs: readonly Job[] = [
  {
    name: 'outbox-sweep',
    summary: 'Delivers events that calls left behind',
    every: { minutes: 1 },
    run: deliverAll,
  },
  {
    // Before orders expire: one that was paid in its last minute is paid then, not closed and refunded.
    name: 'payment-sync',
    summary: 'Asks WeChat Pay about payments whose notice did not come',
    every: { minutes: 1 },
    run: async (ctx, isTimeUp) => ({
      counts: { settled: await syncPendingPayments(ctx, MINUTE_BATCH, isTimeUp) },
    }),
  },
  {
    name: 'expire-orders',
    summary: 'Closes orders that nobody paid in time',
    every: { minutes: 1 },
    run: async (ctx) => ({ counts: { closed: await expireUnpaidOrders(ctx, MINUTE_BATCH) } }),
  },
  {
    name: 'flash-sales',
    summary: 'Starts and ends flash sales, gives back units without an order',
    every: { minutes: 1 },
    run: async (ctx) => ({ counts: await sweepFlashSales(ctx, BATCH) }),
  },
  {
    name: 'refund-sync',
    summary: 'Sends and follows refunds that are pending',
    every: { minutes: 1 },
    run: async (ctx, isTimeUp) => ({
      counts: { moved: await syncPendingRefunds(ctx, MINUTE_BATCH, isTimeUp) },
    }),
  },
  {
    name: 'message-retry',
    summary: 'Sends subscribe messages again that failed',
    every: { minutes: 1 },
    run: async (ctx) => ({ counts: defined(await retryMessages(ctx, BATCH)) }),
  },
  {
    name: 'media-checks',
    summary: 'Asks WeChat about pictures that wait for a verdict',
    every: { minutes: 1 },
    run: async (ctx) => ({ counts: { asked: await retryChecks(ctx, BATCH) } }),
  },
  {
    name: 'collab-compaction',
    summary: 'Puts the long logs of shared documents into snapshots',
    every: { minutes: 5 },
    run: untilEmpty('compacted', BATCH, compactDocuments),
  },
  {
    name: 'community-reviews',
    summary: 'Follows texts and pictures that WeChat has not judged yet',
    every: { minutes: 1 },
    run: untilEmpty('followed', BATCH, sweepReviews),
  },
  {
    name: 'webhooks',
    summary: 'Tells partner systems what happened',
    every: { minutes: 1 },
    run: async (ctx, isTimeUp) => ({ counts: { ...(await sendWebhooks(ctx, MINUTE_BATCH, isTimeUp)) } }),
  },
  {
    name: 'approvals',
    summary: 'Moves approvals whose time has come, and gives the tasks of people who left to others',
    every: { minutes: 1 },
    run: async (ctx) => ({
      counts: { moved: await moveDueApprovals(ctx, BATCH), replaced: await replaceLeavers(ctx, BATCH) },
    }),
  },
  {
    name: 'confirm-orders',
    summary: 'Takes shipped orders as received after their days',
    every: { minutes: 5 },
    run: untilEmpty('confirmed', BATCH, confirmDeliveredOrders),
  },
  {
    name: 'cleaning',
    summary: 'Removes records that have served their time',
    every: { minutes: 60 },
    run: untilEmpty('removed', CLEANING_BATCH, clean),
  },
  {
    name: 'reconciliation',
    summary: "Compares yesterday's orders, payments and WeChat's bill",
    // WeChat makes the bill of a day at about ten the next morning.
    every: { dailyAt: { hour: 10, minute: 30 } },
    async run(ctx) {
      const result = await reconcileDay(ctx, chinaDay(ctx.clock.nowMs() - DAY_MS))
      const isWaiting = 'state' in result && result.state === 'waiting'
      return { counts: { reconciled: isWaiting ? 0 : 1 }, again: isWaiting }
    },
  },
  {
    name: 'metrics',
    summary: 'Makes days out of the hours that were measured',
    every: { dailyAt: { hour: 0, minute: 10 } },
    run: async (ctx) => ({ counts: { days: await condenseMetrics(ctx) } }),
  },
  {
    name: 'community-counters',
    summary: 'Recounts likes, comments, posts and followers, and repairs what is wrong',
    every: { dailyAt: { hour: 5, minute: 0 } },
    run: verifyCounters,
  },
  {
    name: 'backup',
    summary: 'Copies the collections to cloud storage at the quiet hour',
    every: { dailyAt: { hour: 4, minute: 0 } },
    run: backUp,
  },
]

/** Delivers as long as there is something and there is time: after an outage thousands of events may wait. */
async function deliverAll(ctx: Context, isTimeUp: () => boolean): ReturnType<Job['run']> {
  const counts = { done: 0, pending: 0, dead: 0 }
  for (;;) {
    const { done, pending, dead } = await sweepOutbox(ctx, BATCH)
    counts.done += done
    counts.pending += pending
    counts.dead += dead
    if (done + pending + dead < BATCH) return { counts }
    if (isTimeUp()) return { counts, again: true }
  }
}

/** Repeats a batch as long as it comes back full and there is time. */
function untilEmpty(
  what: string,
  limit: number,
  batch: (ctx: Context, limit: number) => Promise<number>,
): Job['run'] {
  return async (ctx, isTimeUp) => {
    let total = 0
    for (;;) {
      const done = await batch(ctx, limit)
      total += done
      if (done < limit) return { counts: { [what]: total } }
      if (isTimeUp()) return { counts: { [what]: total }, again: true }
    }
  }
}

/** Goes on where it stopped, until everything was gone through once. */
async function verifyCounters(ctx: Context, isTimeUp: () => boolean): ReturnType<Job['run']> {
  let repaired = 0
  for (;;) {
    const { repairs, isOver } = await verifyNextCounters(ctx)
    repaired += repairs.length
    if (isOver) return { counts: { repaired } }
    if (isTimeUp()) return { counts: { repaired }, again: true }
  }
}

async function clean(ctx: Context, limit: number): Promise<number> {
  const removed = [
    await cleanExpired(ctx, limit),
    await cleanMessages(ctx, limit),
    await cleanInbox(ctx, limit),
    await cleanGateway(ctx, limit),
    await cleanCountedSales(ctx, limit),
    await sweepMedia(ctx, BATCH),
    await cleanCollab(ctx, limit),
    await cleanImageVerdicts(ctx, limit),
    await cleanRuns(ctx, limit),
    await cleanMetrics(ctx),
    await cleanErasures(ctx),
  ]
  return removed.reduce((total, count) => total + count, 0)
}

async function cleanRuns(ctx: Context, limit: number): Promise<number> {
  const old = await ctx.db.query(schedulerRuns, {
    where: { expiresAtMs: command.lte(ctx.clock.nowMs()) },
    orderBy: [['expiresAtMs', 'asc']],
    limit,
  })
  if (old.length === 0) return 0
  return ctx.db.removeMany(schedulerRuns, { _id: command.in(old.map(({ _id }) => _id)) })
}

function defined(counts: Partial<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, count ?? 0]))
}
