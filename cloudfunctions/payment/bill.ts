/** WeChat Pay's daily bill: a table with a line of Chinese titles, back-quoted values, and a summary below. No I/O. */
import { parseCompactTime } from './china-time.ts'

export interface BillPayment {
  outTradeNo: string
  totalFen: number
}

export interface BillRefund {
  outTradeNo: string
  outRefundNo: string
  wechatRefundId: string
  refundFen: number
  isSettled: boolean
  /** When it was settled; undefined when the bill does not say. */
  atMs: number | undefined
}

export interface Bill {
  payments: BillPayment[]
  refunds: BillRefund[]
}

/** Some columns have had several names over the years; the first one that is there counts. */
const TITLES = {
  time: ['交易时间'],
  outTradeNo: ['商户订单号'],
  state: ['交易状态'],
  totalFen: ['订单金额', '总金额', '应结订单金额'],
  outRefundNo: ['商户退款单号'],
  wechatRefundId: ['微信退款单号'],
  refundFen: ['申请退款金额', '退款金额'],
  refundState: ['退款状态'],
} as const

/** Throws when the text is no bill: reconciling against a misread table would be worse than not reconciling. */
export function parseBill(text: string): Bill {
  const [titles, ...lines] = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  const columns = columnsOf((titles ?? '').split(','))
  const bill: Bill = { payments: [], refunds: [] }
  for (const line of lines) {
    // Below the entries come the titles of the summary, which are not quoted.
    if (!line.startsWith('`')) break
    const values = line.slice(1).split(',`')
    const value = (name: keyof typeof TITLES) => values[columns[name]] ?? ''
    const outTradeNo = value('outTradeNo')
    if (value('state') === 'SUCCESS') bill.payments.push({ outTradeNo, totalFen: toFen(value('totalFen')) })
    else if (value('state') === 'REFUND') {
      bill.refunds.push({
        outTradeNo,
        outRefundNo: value('outRefundNo'),
        wechatRefundId: value('wechatRefundId'),
        refundFen: toFen(value('refundFen')),
        isSettled: value('refundState') === 'SUCCESS',
        atMs: parseCompactTime(value('time').replace(/\D/g, '')),
      })
    }
  }
  return bill
}

function columnsOf(titles: string[]): Record<keyof typeof TITLES, number> {
  const find = (names: readonly string[]) => {
    const name = names.find((one) => titles.includes(one))
    if (name === undefined) throw new Error(`the bill has no column ${names.join(' or ')}`)
    return titles.indexOf(name)
  }
  return {
    time: find(TITLES.time),
    outTradeNo: find(TITLES.outTradeNo),
    state: find(TITLES.state),
    totalFen: find(TITLES.totalFen),
    outRefundNo: find(TITLES.outRefundNo),
    wechatRefundId: find(TITLES.wechatRefundId),
    refundFen: find(TITLES.refundFen),
    refundState: find(TITLES.refundState),
  }
}

/** `12.30` yuan in fen, without floating point on the way. */
function toFen(yuan: string): number {
  const [, whole, decimals = ''] = /^(\d{1,12})(?:\.(\d{1,2}))?$/.exec(yuan) ?? []
  if (whole === undefined) throw new Error(`the bill has an amount that is none: ${yuan}`)
  return Number(whole) * 100 + Number(decimals.padEnd(2, '0'))
}
