/** What a person or a test does from outside: pay, refuse, repeat, forge. Used by `/control` and by journeys. */
import { WireError } from '../../core/errors.ts'
import type { PayContext } from './api.ts'
import { paymentKey } from './book.ts'
import { compactTime } from './china-time.ts'
import {
  isPaid,
  type Notice,
  type NoticeAttempt,
  type NoticePlan,
  type Payment,
  type Refund,
  refundableFen,
  settlePayment,
  type TradeState,
  tradeStateOf,
} from './model.ts'
import { paymentEvent } from './notice-events.ts'
import type { Invoke, InvokeResult } from './notices.ts'
import { planNotices } from './plan-notices.ts'

/** A payment by its order number (with the merchant when several use it) or by its prepay session. */
export type PaymentRef = { outTradeNo: string; subMchId?: string } | { prepayId: string }

export interface PaymentView extends Payment {
  tradeState: TradeState
  refundableFen: number
}

export interface PayOptions {
  /** What the user does: pays (default), taps cancel, is refused by the bank, or is still typing the password. */
  outcome?: 'success' | 'cancel' | 'fail' | 'pending'
  callback?: NoticePlan | 'wrong-amount' | 'forged'
  /** With `late`: after how long. */
  delayMs?: number
  /** With `wrong-amount` and `forged`: the amount that the event claims. */
  callbackTotalFeeFen?: number
  /** Who pays; anyone but the order's own user is refused. */
  openid?: string
  /** The bank's answer comes after the order was closed or ran out. */
  evenIfClosed?: boolean
}

export interface PayOutcome {
  /** What `wx.requestPayment` tells the page. */
  errMsg: 'requestPayment:ok' | 'requestPayment:fail cancel' | `requestPayment:fail ${string}`
  payment: PaymentView
  /** The answers to callbacks that were due at once. */
  attempts: NoticeAttempt[]
  /** With `forged`: what the function answered to the forger. */
  forged?: InvokeResult
}

export interface PayControl {
  list(filter?: { outTradeNo?: string; openid?: string; tradeState?: TradeState }): PaymentView[]
  get(ref: PaymentRef): PaymentView
  pay(ref: PaymentRef, options?: PayOptions): Promise<PayOutcome>
  /** Delivers one notice (default: the latest) once more, also a withheld or accepted one. */
  redeliver(ref: PaymentRef, noticeId?: string): Promise<NoticeAttempt | undefined>
  /** Calls the payment function as a client would that makes up a callback. The payment does not change. */
  forge(ref: PaymentRef, claim?: { totalFeeFen?: number; openid?: string }): Promise<InvokeResult>
  refunds(): (Refund & { outTradeNo: string; subMchId: string })[]
}

export function createPayControl(ctx: PayContext, invoke: Invoke): PayControl {
  const view = (payment: Payment): PaymentView => ({
    ...payment,
    tradeState: tradeStateOf(payment, ctx.clock.nowMs()),
    refundableFen: refundableFen(payment),
  })

  function get(ref: PaymentRef): Payment {
    const found =
      'prepayId' in ref
        ? [ctx.book.find(ctx.book.findKey('prepay', ref.prepayId) ?? '')]
        : ref.subMchId !== undefined
          ? [ctx.book.find(paymentKey({ subMchId: ref.subMchId, outTradeNo: ref.outTradeNo }))]
          : ctx.book.all().filter((payment) => payment.outTradeNo === ref.outTradeNo)
    if (found.length > 1)
      throw new WireError('PAYMENT_AMBIGUOUS', 'several merchants use this order number: say subMchId')
    if (!found[0]) throw new WireError('PAYMENT_NOT_FOUND', `no such payment: ${JSON.stringify(ref)}`)
    return found[0]
  }

  async function pay(ref: PaymentRef, options: PayOptions = {}): Promise<PayOutcome> {
    const key = paymentKey(get(ref))
    if (options.callback === 'forged') {
      const forged = await forge(ref, { totalFeeFen: options.callbackTotalFeeFen, openid: options.openid })
      return { errMsg: 'requestPayment:fail cancel', payment: view(get(ref)), attempts: [], forged }
    }
    const outcome = options.outcome ?? 'success'
    if (outcome === 'cancel')
      return { errMsg: 'requestPayment:fail cancel', payment: view(get(ref)), attempts: [] }

    const changed = await ctx.serially(key, async () => {
      const payment = get(ref)
      assertPayable(payment, options, ctx.clock.nowMs())
      const next =
        outcome === 'success'
          ? await settle(payment, options)
          : { ...payment, state: outcome === 'fail' ? ('PAYERROR' as const) : ('USERPAYING' as const) }
      await ctx.book.put(next)
      return next
    })
    ctx.notices.arm(changed)
    const dueNow = changed.notices.filter(
      (notice) => notice.state === 'pending' && (notice.nextAtMs ?? 0) <= ctx.clock.nowMs(),
    )
    const attempts = await Promise.all(dueNow.map((notice) => ctx.notices.deliver(key, notice.id)))
    return {
      errMsg: outcome === 'success' ? 'requestPayment:ok' : `requestPayment:fail ${outcome}`,
      payment: view(get(ref)),
      attempts: attempts.filter((attempt) => attempt !== undefined),
    }
  }

  async function settle(payment: Payment, options: PayOptions): Promise<Payment> {
    const nowMs = ctx.clock.nowMs()
    const random = String(Number.parseInt(ctx.ids.hex(6), 16))
      .padStart(10, '0')
      .slice(-10)
    const transactionId = `4200009527${compactTime(nowMs).slice(0, 8)}${random}`
    await ctx.book.putKey('transaction', transactionId, paymentKey(payment))
    const openid = payment.openid || (options.openid ?? '')
    const paid = settlePayment({ ...payment, openid }, transactionId, nowMs)
    return { ...paid, notices: [...paid.notices, ...noticesOf(paid, options, nowMs)] }
  }

  function noticesOf(paid: Payment, options: PayOptions, nowMs: number): Notice[] {
    const isWrong = options.callback === 'wrong-amount'
    const claimedFen = isWrong ? (options.callbackTotalFeeFen ?? paid.totalFeeFen + 1) : paid.totalFeeFen
    const event = paymentEvent({ ...paid, totalFeeFen: claimedFen }, ctx.appid, ctx.ids)
    const plan =
      options.callback === 'wrong-amount' || options.callback === 'forged' ? 'normal' : options.callback
    return planNotices(
      { kind: 'payment', protocol: paid.protocol, functionName: paid.functionName, event },
      plan ?? 'normal',
      { nowMs, delayMs: options.delayMs ?? 60_000 },
      () => `notice-${ctx.ids.hex(8)}`,
    )
  }

  async function forge(
    ref: PaymentRef,
    claim: { totalFeeFen?: number; openid?: string } = {},
  ): Promise<InvokeResult> {
    const payment = get(ref)
    const nowMs = ctx.clock.nowMs()
    const totalFeeFen = claim.totalFeeFen ?? payment.totalFeeFen
    const made = settlePayment({ ...payment, totalFeeFen }, `4200009527${ctx.ids.hex(9)}`, nowMs)
    return invoke({
      functionName: payment.functionName,
      event: paymentEvent(made, ctx.appid, ctx.ids),
      identity: { appid: ctx.appid, openid: claim.openid ?? payment.openid },
      source: 'wx_client',
    })
  }

  return {
    list: (filter = {}) =>
      ctx.book
        .all()
        .map(view)
        .filter(
          (payment) =>
            (filter.outTradeNo === undefined || filter.outTradeNo === payment.outTradeNo) &&
            (filter.openid === undefined || filter.openid === payment.openid) &&
            (filter.tradeState === undefined || filter.tradeState === payment.tradeState),
        ),
    get: (ref) => view(get(ref)),
    pay,
    async redeliver(ref, noticeId) {
      const payment = get(ref)
      const notice = noticeId ? payment.notices.find((one) => one.id === noticeId) : payment.notices.at(-1)
      if (!notice) throw new WireError('NOTICE_NOT_FOUND', 'this payment has no such notice')
      return ctx.notices.deliver(paymentKey(payment), notice.id)
    },
    forge,
    refunds: () =>
      ctx.book
        .all()
        .flatMap(({ outTradeNo, subMchId, refunds }) =>
          refunds.map((refund) => ({ ...refund, outTradeNo, subMchId })),
        ),
  }
}

function assertPayable(payment: Payment, options: PayOptions, nowMs: number): void {
  if (isPaid(payment)) throw new WireError('PAYMENT_NOT_PAYABLE', 'this payment was already paid')
  if (tradeStateOf(payment, nowMs) === 'CLOSED' && !options.evenIfClosed) {
    throw new WireError('PAYMENT_NOT_PAYABLE', 'this payment was closed or ran out')
  }
  if (payment.openid === '' && options.openid === undefined) {
    throw new WireError('PAYMENT_NOT_PAYABLE', 'this payment is for anybody: say which user pays')
  }
  if (payment.openid !== '' && options.openid !== undefined && options.openid !== payment.openid) {
    throw new WireError('PAYMENT_NOT_PAYABLE', 'this payment belongs to another user')
  }
}
