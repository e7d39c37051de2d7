import { gzipSync } from 'node:zlib'
import { type PayApi, PROVIDER_APPID, PROVIDER_MCH_ID } from './api.ts'
import { parseCompactTime, spacedTime } from './china-time.ts'
import { downloadBillFields, parseFields } from './fields.ts'
import { isPaid, type Payment, type Refund } from './model.ts'
import { PayFormatRefusal } from './refusals.ts'

const DAY_MS = 24 * 3_600_000
/** WeChat Pay begins to write a day's bill at nine the next morning (v2 manual, downloadbill). */
const READY_AFTER_DAY_MS = 9 * 3_600_000

type BillType = 'ALL' | 'SUCCESS' | 'REFUND'
type Entry = { atMs: number; payment: Payment; refund?: Refund }

/** `downloadBill`: what moved on one day (UTC+8), as WeChat Pay's table with back-quoted values and a summary. */
export const downloadBill: PayApi = async (given, _caller, ctx) => {
  const fields = parseFields(downloadBillFields, given)
  const fromMs = parseCompactTime(fields.bill_date)
  if (fromMs === undefined) throw new PayFormatRefusal('invalid bill_date', '20001')
  const entries = ctx.book
    .all()
    .filter((payment) => !fields.sub_mch_id || payment.subMchId === fields.sub_mch_id)
    .flatMap((payment) => entriesOf(payment, fields.bill_type))
    .filter((entry) => entry.atMs >= fromMs && entry.atMs < fromMs + DAY_MS)
    .sort((a, b) => a.atMs - b.atMs)
  const isReady = ctx.clock.nowMs() >= fromMs + DAY_MS + READY_AFTER_DAY_MS
  if (!isReady || entries.length === 0) throw new PayFormatRefusal('No Bill Exist', '20002')
  const bytes = Buffer.from(csvOf(entries, fields.bill_type, ctx.appid))
  return { file: fields.tar_type === 'GZIP' ? gzipSync(bytes) : bytes }
}

function entriesOf(payment: Payment, type: BillType): Entry[] {
  if (!isPaid(payment)) return []
  const paid = { atMs: payment.paidAtMs ?? 0, payment }
  const refunds = payment.refunds
    .filter((refund) => refund.status === 'SUCCESS')
    .map((refund) => ({ atMs: refund.settledAtMs ?? 0, payment, refund }))
  return [...(type === 'REFUND' ? [] : [paid]), ...(type === 'SUCCESS' ? [] : refunds)]
}

function csvOf(entries: Entry[], type: BillType, appid: string): string {
  const columns = COLUMNS.filter((column) => !column.only || column.only.includes(type))
  const quoted = (value: string) => `\`${value.replace(/[`,\r\n]/g, ' ')}`
  const rows = entries.map((entry) => columns.map((column) => quoted(column.value(entry, appid))).join(','))
  const summary = SUMMARY.map((total) => quoted(total.value(entries)))
  return [
    columns.map((column) => column.title).join(','),
    ...rows,
    SUMMARY.map((total) => total.title).join(','),
    summary.join(','),
    '',
  ].join('\r\n')
}

interface Column {
  title: string
  /** The types of bill that have this column; all when absent. */
  only?: BillType[]
  value(entry: Entry, appid: string): string
}

const paidFen = (entry: Entry) => (entry.refund ? 0 : entry.payment.totalFeeFen)
const refundedFen = (entry: Entry) => entry.refund?.refundFeeFen ?? 0
/** The fee of 0.60 % in hundred-thousandths of a yuan, so that it stays an integer; refunds give it back. */
const feeUnits = (entry: Entry) => (paidFen(entry) - refundedFen(entry)) * 6
const sumOf = (entries: Entry[], of: (entry: Entry) => number) =>
  entries.reduce((sum, entry) => sum + of(entry), 0)

const COLUMNS: Column[] = [
  { title: '交易时间', value: (entry) => spacedTime(entry.atMs) },
  { title: '公众账号ID', value: () => PROVIDER_APPID },
  { title: '商户号', value: () => PROVIDER_MCH_ID },
  { title: '特约商户号', value: ({ payment }) => payment.subMchId },
  { title: '设备号', value: ({ payment }) => payment.deviceInfo ?? '' },
  { title: '微信订单号', value: ({ payment }) => payment.transactionId ?? '' },
  { title: '商户订单号', value: ({ payment }) => payment.outTradeNo },
  { title: '用户标识', value: ({ payment }) => payment.openid },
  { title: '交易类型', value: ({ payment }) => payment.tradeType },
  { title: '交易状态', value: (entry) => (entry.refund ? 'REFUND' : 'SUCCESS') },
  { title: '付款银行', value: () => 'OTHERS' },
  { title: '货币种类', value: ({ payment }) => payment.feeType },
  { title: '应结订单金额', value: (entry) => yuan(paidFen(entry)) },
  { title: '代金券金额', value: () => yuan(0) },
  {
    title: '退款申请时间',
    only: ['REFUND'],
    value: ({ refund }) => (refund ? spacedTime(refund.requestedAtMs) : ''),
  },
  {
    title: '退款成功时间',
    only: ['REFUND'],
    value: ({ refund }) => (refund ? spacedTime(refund.settledAtMs ?? 0) : ''),
  },
  { title: '微信退款单号', only: ['ALL', 'REFUND'], value: ({ refund }) => refund?.refundId ?? '0' },
  { title: '商户退款单号', only: ['ALL', 'REFUND'], value: ({ refund }) => refund?.outRefundNo ?? '0' },
  { title: '退款金额', only: ['ALL', 'REFUND'], value: (entry) => yuan(refundedFen(entry)) },
  { title: '充值券退款金额', only: ['ALL', 'REFUND'], value: () => yuan(0) },
  { title: '退款类型', only: ['ALL', 'REFUND'], value: ({ refund }) => (refund ? 'ORIGINAL' : '') },
  { title: '退款状态', only: ['ALL', 'REFUND'], value: ({ refund }) => refund?.status ?? '' },
  { title: '商品名称', value: ({ payment }) => payment.body },
  { title: '商户数据包', value: ({ payment }) => payment.attach ?? '' },
  { title: '手续费', value: (entry) => yuan(feeUnits(entry), 5) },
  { title: '费率', value: () => '0.60%' },
  { title: '订单金额', value: (entry) => yuan(paidFen(entry)) },
  { title: '申请退款金额', only: ['ALL', 'REFUND'], value: (entry) => yuan(refundedFen(entry)) },
  { title: '费率备注', value: () => '' },
]

const SUMMARY: { title: string; value(entries: Entry[]): string }[] = [
  { title: '总交易单数', value: (entries) => String(entries.length) },
  { title: '应结订单总金额', value: (entries) => yuan(sumOf(entries, paidFen)) },
  { title: '退款总金额', value: (entries) => yuan(sumOf(entries, refundedFen)) },
  { title: '充值券退款总金额', value: () => yuan(0) },
  { title: '手续费总金额', value: (entries) => yuan(sumOf(entries, feeUnits), 5) },
  { title: '订单总金额', value: (entries) => yuan(sumOf(entries, paidFen)) },
  { title: '申请退款总金额', value: (entries) => yuan(sumOf(entries, refundedFen)) },
]

/** An integer with its last `digits` behind the point, without floating point on the way. */
function yuan(units: number, digits = 2): string {
  const padded = String(Math.abs(units)).padStart(digits + 1, '0')
  return `${units < 0 ? '-' : ''}${padded.slice(0, -digits)}.${padded.slice(-digits)}`
}
