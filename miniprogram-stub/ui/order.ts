import type { api, ReplyOf } from '../api/index'
import { yuan } from './money'
import { pictureOf } from './picture'
import { shortTime } from './time'

export type Order = ReplyOf<typeof api.order.detail>
export type OrderStatus = Order['status']

export const statusWords: Record<OrderStatus, string> = {
  unpaid: '待付款',
  paid: '待发货',
  shipped: '待收货',
  completed: '已完成',
  closed: '已关闭',
  refunded: '已退款',
}

const afterSaleWords: Record<NonNullable<Order['afterSale']>['status'], string> = {
  requested: '售后申请中',
  approved: '退款中',
  rejected: '售后被拒绝',
  cancelled: '售后已撤销',
  refunded: '退款已到账',
}

const historyWords: Record<string, string> = {
  create: '提交订单',
  'set-address': '填写收货地址',
  pay: '支付成功',
  close: '订单关闭',
  ship: '商家发货',
  confirm: '确认收货',
  'after-sale:request': '申请售后',
  'after-sale:cancel': '撤销售后',
  'after-sale:approve': '商家同意售后',
  'after-sale:reject': '商家拒绝售后',
  refund: '全额退款',
  'refund-part': '部分退款',
}

/** What pages show of an order. */
export function viewOf(order: Order) {
  const isAfterSaleOpen = order.afterSale?.status === 'requested' || order.afterSale?.status === 'approved'
  const isPaid = order.status === 'paid' || order.status === 'shipped' || order.status === 'completed'
  return {
    orderId: order.orderId,
    status: order.status,
    statusWords: statusWords[order.status],
    lines: order.lines.map((line) => ({ ...line, price: yuan(line.priceFen), picture: pictureOf(line) })),
    payable: yuan(order.payableFen),
    paid: yuan(order.paidFen),
    refunded: order.refundedFen > 0 ? yuan(order.refundedFen) : '',
    payBefore: shortTime(order.payBeforeMs),
    address: order.address,
    shipment: order.shipment,
    afterSale: order.afterSale && {
      words: afterSaleWords[order.afterSale.status],
      refund: yuan(order.afterSale.refundFen),
      reason: order.afterSale.reason,
      answer: order.afterSale.answer ?? '',
    },
    canPay: order.status === 'unpaid',
    canConfirm: order.status === 'shipped' && !isAfterSaleOpen,
    canApplyAfterSale: isPaid && !isAfterSaleOpen,
    canCancelAfterSale: order.afterSale?.status === 'requested',
    timeline: order.history
      .map(({ atMs, action }, step) => ({
        step,
        time: shortTime(atMs),
        words: historyWords[action] ?? action,
      }))
      .reverse(),
  }
}

export type OrderView = ReturnType<typeof viewOf>
