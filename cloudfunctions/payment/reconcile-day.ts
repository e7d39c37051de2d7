import * as z from 'zod'
import {
  AppError,
  type Collection,
  type Context,
  collection,
  command,
  type Doc,
  refuse,
  type Where,
} from '../_kernel/index.ts'
import { type Bill, type BillPayment, type BillRefund, parseBill } from './bill.ts'
import { DAY_MS, startOfDay } from './china-time.ts'
import { endRefund } from './end-refund.ts'
import { underWay } from './on-refund-notice.ts'
import { parseOutRefundNo, type Refund } from './refund-model.ts'
import { settlePayment } from './settle.ts'
import { payments, refunds } from './store.ts'
import { fetchBill } from './wechat-pay.ts'

/** WeChat writes a day's bill from nine the next morning on; by then no bill means that nothing moved. */
const BILL_READY_MS = 10 * 3_600_000
const MAX_DIFFERENCES = 200
const PAGE = 1000

const difference = z.object({
  kind: z.enum([
    'payment-unknown-here',
    'payment-not-settled',
    'payment-amount',
    'payment-not-in-bill',
    'refund-unknown-here',
    'refund-not-settled',
    'refund-amount',
    'refund-not-in-bill',
  ]),
  orderId: z.string(),
  refundId: z.string().nullable(),
  hereFen: z.int().nullable(),
  billFen: z.int().nullable(),
  /** Put right by this run. */
  repaired: z.boolean(),
})

export type Difference = z.output<typeof difference>

const reconciliationSchema = z.object({
  /** The day, as `_id`: a run replaces the one before. */
  _id: z.string(),
  day: z.string(),
  state: z.enum(['clean', 'repaired', 'open']),
  atMs: z.int(),
  payments: z.object({ count: z.int(), fen: z.int() }),
  refunds: z.object({ count: z.int(), fen: z.int() }),
  /** The first of them; `differenceCount` counts all. */
  differences: z.array(difference),
  differenceCount: z.int(),
})

export type Reconciliation = z.output<typeof reconciliationSchema>

export const reconciliations: Collection<Reconciliation> = collection('reconciliations', reconciliationSchema)

/**
 * Compares a day (`yyyyMMdd` or `yyyy-MM-dd`, Beijing time) with WeChat's bill: what the bill proves and we missed is
 * settled now, all else is written down for operators. May be run again. `waiting`: the bill is not there yet.
 */
export async function reconcileDay(
  ctx: Context,
  givenDay: string,
): Promise<Reconciliation | { state: 'waiting' }> {
  const day = givenDay.replaceAll('-', '')
  const startMs = startOfDay(day)
  const nowMs = ctx.clock.nowMs()
  if (startMs === undefined || nowMs < startMs + DAY_MS) return refuse('INVALID_INPUT', { day: givenDay })
  const text = await fetchBill(ctx, day)
  if (text === undefined && nowMs < startMs + DAY_MS + BILL_READY_MS) return { state: 'waiting' }
  const bill: Bill = text === undefined ? { payments: [], refunds: [] } : parseBill(text)

  const differences = [
    ...(await comparePayments(ctx, bill.payments, startMs)),
    ...(await compareRefunds(ctx, bill.refunds, startMs)),
  ]
  const isOpen = differences.some(({ repaired }) => !repaired)
  const record: Reconciliation = {
    _id: day,
    day,
    state: isOpen ? 'open' : differences.length > 0 ? 'repaired' : 'clean',
    atMs: nowMs,
    payments: { count: bill.payments.length, fen: bill.payments.reduce((sum, row) => sum + row.totalFen, 0) },
    refunds: { count: bill.refunds.length, fen: bill.refunds.reduce((sum, row) => sum + row.refundFen, 0) },
    // What is open first, should there be more than we keep.
    differences: differences
      .toSorted((a, b) => Number(a.repaired) - Number(b.repaired))
      .slice(0, MAX_DIFFERENCES),
    differenceCount: differences.length,
  }
  await ctx.transaction((tx) => tx.put(reconciliations, record))
  if (isOpen) ctx.log.error({ day, differences: differences.length }, 'the bill differs from our books')
  return record
}

async function comparePayments(ctx: Context, rows: BillPayment[], startMs: number): Promise<Difference[]> {
  const here = await findByIds(
    ctx,
    payments,
    rows.map((row) => row.outTradeNo),
  )
  const found: Difference[] = []
  for (const { outTradeNo: orderId, totalFen: billFen } of rows) {
    const payment = here.get(orderId)
    const about = { orderId, refundId: null, hereFen: payment?.paidFen ?? null, billFen }
    if (!payment) found.push({ ...about, kind: 'payment-unknown-here', repaired: false })
    else if (payment.state === 'pending' || payment.state === 'closed') {
      const repaired = (await settlePayment(ctx, orderId)) === 'paid'
      found.push({ ...about, kind: 'payment-not-settled', repaired })
    } else if (payment.paidFen !== billFen || payment.state === 'mismatch') {
      found.push({ ...about, kind: 'payment-amount', repaired: false })
    }
  }
  const inBill = new Set(rows.map((row) => row.outTradeNo))
  for (const payment of await ofDay(ctx, payments, 'paidAtMs', startMs)) {
    if (inBill.has(payment._id)) continue
    const about = { orderId: payment._id, refundId: null, hereFen: payment.paidFen, billFen: null }
    found.push({ ...about, kind: 'payment-not-in-bill', repaired: false })
  }
  return found
}

async function compareRefunds(ctx: Context, rows: BillRefund[], startMs: number): Promise<Difference[]> {
  const idOf = (row: BillRefund) => parseOutRefundNo(row.outRefundNo).refundId
  const here = await findByIds(ctx, refunds, rows.map(idOf))
  const found: Difference[] = []
  for (const row of rows) {
    const refund = here.get(idOf(row))
    const about = {
      orderId: row.outTradeNo,
      refundId: idOf(row),
      hereFen: refund?.refundFen ?? null,
      billFen: row.refundFen,
    }
    if (!refund) found.push({ ...about, kind: 'refund-unknown-here', repaired: false })
    else if (refund.refundFen !== row.refundFen)
      found.push({ ...about, kind: 'refund-amount', repaired: false })
    else if (row.isSettled && refund.state !== 'succeeded') {
      const repaired = await settleByBill(ctx, refund, row, startMs)
      found.push({ ...about, kind: 'refund-not-settled', repaired })
    }
  }
  const inBill = new Set(rows.map(idOf))
  for (const refund of await ofDay(ctx, refunds, 'succeededAtMs', startMs)) {
    if (inBill.has(refund._id)) continue
    const about = { orderId: refund.orderId, refundId: refund._id, hereFen: refund.refundFen, billFen: null }
    found.push({ ...about, kind: 'refund-not-in-bill', repaired: false })
  }
  return found
}

/** The bill is WeChat's word, fetched by ourselves: it settles what a lost notice left open. */
async function settleByBill(
  ctx: Context,
  refund: Refund,
  row: BillRefund,
  startMs: number,
): Promise<boolean> {
  try {
    const current = await underWay(ctx, refund)
    if (current?.state === 'succeeded') return true
    if (current?.state !== 'processing' || current.wechatRefundId !== row.wechatRefundId) return false
    await endRefund(ctx, refund._id, { succeededAtMs: row.atMs ?? startMs })
    return true
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    ctx.log.warn({ refundId: refund._id, error: error.error }, 'the bill could not settle a refund')
    return false
  }
}

async function findByIds<T extends Doc>(
  ctx: Context,
  from: Collection<T>,
  ids: readonly string[],
): Promise<Map<string, T>> {
  const found = new Map<string, T>()
  for (let at = 0; at < ids.length; at += PAGE) {
    for (const doc of await ctx.db.findMany(from, ids.slice(at, at + PAGE))) found.set(doc._id, doc)
  }
  return found
}

/** All documents whose `field` falls on the day. */
async function ofDay<T extends Doc>(
  ctx: Context,
  from: Collection<T>,
  field: keyof T & string,
  startMs: number,
): Promise<T[]> {
  const during = command.gte(startMs).and(command.lt(startMs + DAY_MS))
  const found: T[] = []
  for (;;) {
    const page = await ctx.db.query(from, {
      // A computed key of `T` is a condition on `T`, which the compiler cannot see.
      where: { [field]: during } as Where<T>,
      orderBy: [
        [field, 'asc'],
        ['_id', 'asc'],
      ],
      skip: found.length,
      limit: PAGE,
    })
    found.push(...page)
    if (page.length < PAGE) return found
  }
}
