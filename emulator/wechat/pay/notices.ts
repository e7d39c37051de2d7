import type { Clock } from '../../core/clock.ts'
import type { Faults } from '../../core/faults.ts'
import type { Identity } from '../../core/identity.ts'
import type { Log } from '../../core/log.ts'
import type { Serial } from '../serial.ts'
import { type PaymentBook, paymentKey } from './book.ts'
import { type Notice, type NoticeAttempt, type Payment, type Protocol, RETRY_DELAYS_MS } from './model.ts'

/** Calls a function as the platform does. Contract: never rejects, never hangs. */
export type Invoke = (call: {
  functionName: string
  event: unknown
  identity: Identity
  source: string
}) => Promise<InvokeResult>

export type InvokeResult =
  | { ok: true; value: unknown; requestId?: string }
  | { ok: false; code: string; message: string; requestId?: string }

/**
 * Delivers the notices of payments to the merchant's functions until each is accepted. What is pending lives in the
 * payment itself, so a restart goes on where it stopped: at least once, possibly twice, as on the platform.
 */
export interface Notices {
  /** Sets the alarms of what is pending in this payment. */
  arm(payment: Payment): void
  /** One attempt now, whatever the notice's state; settles when the function answered. */
  deliver(key: string, noticeId: string): Promise<NoticeAttempt | undefined>
  /** Sets the alarms of everything that is pending in the book. */
  resume(): void
  /** Forgets the alarms and waits for attempts under way. */
  stop(): Promise<void>
}

/** The platform's value for pay callbacks is not documented; this is the one it has for "none of the others". */
export const NOTICE_SOURCE = 'wx_unknown'
/** v3 manual, payment notice: an answer within five seconds. */
const V3_ANSWER_WITHIN_MS = 5_000
const V3_HINT = '; PUT /control/payments/v3 {"order":…,"refund":…} says which function it is'

export function createNotices(deps: {
  appid: string
  book: PaymentBook
  serially: Serial
  clock: Clock
  log: Log
  faults: Faults
  invoke: Invoke
}): Notices {
  const { book, clock, log } = deps
  const alarms = new Map<string, () => void>()
  const underWay = new Map<string, Promise<NoticeAttempt | undefined>>()
  let isStopped = false

  function arm(payment: Payment): void {
    const key = paymentKey(payment)
    for (const notice of payment.notices) {
      alarms.get(notice.id)?.()
      alarms.delete(notice.id)
      if (isStopped || notice.state !== 'pending' || notice.nextAtMs === undefined) continue
      const cancel = clock.at(notice.nextAtMs, () => {
        alarms.delete(notice.id)
        const delivery = deliverIfDue(key, notice.id)
        // A manual clock waits, so that advancing it is repeatable; a real one must not stand still for a slow function.
        return clock.mode === 'manual' ? delivery : undefined
      })
      alarms.set(notice.id, cancel)
    }
  }

  async function deliverIfDue(key: string, noticeId: string): Promise<void> {
    const notice = findNotice(book.find(key), noticeId)
    const isDue = notice?.state === 'pending' && (notice.nextAtMs ?? 0) <= clock.nowMs()
    if (isDue) await deliver(key, noticeId)
  }

  function deliver(key: string, noticeId: string): Promise<NoticeAttempt | undefined> {
    const current = underWay.get(noticeId)
    if (current || isStopped) return current ?? Promise.resolve(undefined)
    const attempt = attemptOnce(key, noticeId)
      .catch((error: unknown) => {
        log.error('wechat', 'a payment notice could not be delivered', { noticeId, error: String(error) })
        return undefined
      })
      .finally(() => underWay.delete(noticeId))
    underWay.set(noticeId, attempt)
    return attempt
  }

  async function attemptOnce(key: string, noticeId: string): Promise<NoticeAttempt | undefined> {
    const notice = findNotice(book.find(key), noticeId)
    if (!notice) return undefined
    // Outside the lock: the function will ask queryOrder about this very payment before it answers.
    const attempt = await callFunction(notice)
    const changed = await deps.serially(key, async () => {
      const payment = book.find(key)
      if (!payment) return undefined
      const notices = payment.notices.map((one) =>
        one.id === noticeId ? afterAttempt(one, attempt, clock.nowMs()) : one,
      )
      await book.put({ ...payment, notices })
      return { ...payment, notices }
    })
    if (changed) arm(changed)
    log.info('wechat', `${notice.kind} notice to ${notice.functionName}: ${attempt.outcome}`, {
      payment: key,
      noticeId,
      detail: attempt.detail,
    })
    return attempt
  }

  async function callFunction(notice: Notice): Promise<NoticeAttempt> {
    const atMs = clock.nowMs()
    const effect = deps.faults.strike('wechat', 'pay.callback')
    if (effect?.kind === 'error' || effect?.kind === 'crash')
      return { atMs, outcome: 'lost', detail: 'never arrived' }
    if (effect?.kind === 'delay') await new Promise((resolve) => setTimeout(resolve, effect.ms))
    const call = () =>
      deps.invoke({
        functionName: notice.functionName,
        event: notice.event,
        identity: { appid: deps.appid },
        source: NOTICE_SOURCE,
      })
    if (effect?.kind === 'duplicate') await call()
    const result = notice.protocol === 'v3' ? await inTime(call(), V3_ANSWER_WITHIN_MS) : await call()
    if (result === 'late') return { atMs, outcome: 'failed', detail: 'no answer within five seconds' }
    if (effect?.kind === 'reply-lost') return { atMs, outcome: 'lost', detail: 'the answer was lost' }
    if (!result.ok) {
      const hint = notice.protocol === 'v3' && result.code === 'FUNCTION_NOT_FOUND' ? V3_HINT : ''
      return { atMs, outcome: 'failed', detail: `${result.code} ${result.message}${hint}` }
    }
    if (isAccepted(result.value, notice.protocol)) return { atMs, outcome: 'accepted' }
    return { atMs, outcome: 'refused', detail: (JSON.stringify(result.value) ?? 'undefined').slice(0, 500) }
  }

  return {
    arm,
    deliver,
    resume() {
      isStopped = false
      for (const payment of book.all()) arm(payment)
    },
    async stop() {
      isStopped = true
      for (const cancel of alarms.values()) cancel()
      alarms.clear()
      await Promise.all(underWay.values())
    },
  }
}

/** Once accepted stays accepted, whatever a later, repeated delivery brings. */
function afterAttempt(notice: Notice, attempt: NoticeAttempt, nowMs: number): Notice {
  const attempts = [...notice.attempts, attempt]
  if (notice.state === 'accepted' || attempt.outcome === 'accepted') {
    return { ...notice, attempts, state: 'accepted', nextAtMs: undefined }
  }
  if (notice.state === 'withheld') return { ...notice, attempts }
  const delayMs = RETRY_DELAYS_MS[attempts.length - 1]
  if (delayMs === undefined) return { ...notice, attempts, state: 'exhausted', nextAtMs: undefined }
  return { ...notice, attempts, state: 'pending', nextAtMs: nowMs + delayMs }
}

/** In v2 only the number 0 counts; `{ return_code: 'SUCCESS' }` of WeChat Pay's own protocol does not. */
function isAccepted(value: unknown, protocol: Protocol | undefined): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (protocol === 'v3') return 'code' in value && value.code === 'SUCCESS'
  return 'errcode' in value && value.errcode === 0
}

/** Measured on the machine's clock, as the answer is. */
async function inTime<T>(answer: Promise<T>, withinMs: number): Promise<T | 'late'> {
  let timeout: NodeJS.Timeout | undefined
  const late = new Promise<'late'>((resolve) => {
    timeout = setTimeout(() => resolve('late'), withinMs)
  })
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(timeout)
  }
}

function findNotice(payment: Payment | undefined, id: string): Notice | undefined {
  return payment?.notices.find((notice) => notice.id === id)
}
