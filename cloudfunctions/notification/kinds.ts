/** What can be told to a user: the words of the inbox entry, and the values that a WeChat template may show. */
export interface MessageKind {
  /** For the operator who fills in a template. */
  title: string
  /** Names of the values, with what they mean: what a template's field may be filled with. */
  values: Record<string, string>
  inbox(values: MessageValues): { title: string; body: string }
  /** Where a tap leads, in the mini program. */
  page(values: MessageValues): string
}

export type MessageValues = Record<string, string>

const orderPage = ({ orderId }: MessageValues) => `pages/order-detail/order-detail?orderId=${orderId ?? ''}`

const postPage = ({ postId }: MessageValues) => `pages/post/post?postId=${postId ?? ''}`

const orderValues = { orderId: '订单编号', title: '商品', amount: '金额，如 ￥12.30', time: '时间' }

const approvalPage = ({ instanceId }: MessageValues) =>
  `pages/approval-detail/approval-detail?instanceId=${instanceId ?? ''}`

const approvalValues = { instanceId: '审批编号', title: '事项', result: '结果' }

const messageKinds = {
  'order.paid': {
    title: '支付成功',
    values: orderValues,
    inbox: ({ title, amount }) => ({ title: '支付成功', body: `${title} 已支付 ${amount}，我们会尽快发货` }),
    page: orderPage,
  },
  'order.shipped': {
    title: '订单发货',
    values: { ...orderValues, carrier: '快递公司', trackingNo: '快递单号' },
    inbox: ({ title, carrier, trackingNo }) => ({
      title: '订单已发货',
      body: `${title} 已由 ${carrier} 发出，单号 ${trackingNo}`,
    }),
    page: orderPage,
  },
  'order.completed': {
    title: '订单完成',
    values: orderValues,
    inbox: ({ title }) => ({ title: '订单已完成', body: `${title} 已确认收货，感谢惠顾` }),
    page: orderPage,
  },
  'order.closed': {
    title: '订单关闭',
    values: { ...orderValues, reason: '关闭原因' },
    inbox: ({ title, reason }) => ({ title: '订单已关闭', body: `${title} 的订单已关闭：${reason}` }),
    page: orderPage,
  },
  'refund.succeeded': {
    title: '退款到账',
    values: { orderId: '订单编号', amount: '退款金额', reason: '退款原因', time: '时间' },
    inbox: ({ orderId, amount }) => ({ title: '退款成功', body: `订单 ${orderId} 的 ${amount} 已原路退回` }),
    page: orderPage,
  },
  'community.mentioned': {
    title: '有人提到你',
    values: { postId: '帖子编号', who: '谁', excerpt: '帖子开头', time: '时间' },
    inbox: ({ who, excerpt }) => ({ title: '有人提到你', body: `${who} 在帖子里提到了你：${excerpt}` }),
    page: postPage,
  },
  'community.commented': {
    title: '收到评论',
    values: { postId: '帖子编号', who: '谁', excerpt: '评论开头', time: '时间' },
    inbox: ({ who, excerpt }) => ({ title: '收到新评论', body: `${who}：${excerpt}` }),
    page: postPage,
  },
  'community.judged': {
    title: '内容审核结果',
    values: { postId: '帖子编号', excerpt: '内容开头', result: '结果', reason: '原因', time: '时间' },
    inbox: ({ excerpt, result, reason }) => ({
      title: '内容审核结果',
      body: `“${excerpt}” ${result}：${reason}`,
    }),
    page: postPage,
  },
  'approval.asked': {
    title: '待审批',
    values: approvalValues,
    inbox: ({ title }) => ({ title: '待审批', body: `${title} 等待您审批` }),
    page: approvalPage,
  },
  'approval.urged': {
    title: '审批催办',
    values: approvalValues,
    inbox: ({ title }) => ({ title: '审批催办', body: `${title} 仍在等待您审批` }),
    page: approvalPage,
  },
  'approval.ended': {
    title: '审批结果',
    values: approvalValues,
    inbox: ({ title, result }) => ({ title: '审批结果', body: `${title} ${result}` }),
    page: approvalPage,
  },
} satisfies Record<string, MessageKind>

export type MessageCode = keyof typeof messageKinds

export const messageCodes: readonly MessageCode[] = Object.keys(messageKinds).filter(isMessageCode)

export function isMessageCode(code: string): code is MessageCode {
  return Object.hasOwn(messageKinds, code)
}

export function kindOf(code: MessageCode): MessageKind {
  return messageKinds[code]
}

/** `￥12.30` */
export function yuan(fen: number): string {
  return `￥${(fen / 100).toFixed(2)}`
}

const CHINA_MS = 8 * 3_600_000

/** `2026-01-05 10:00`, as clocks in China show it. */
export function chinaTime(epochMs: number): string {
  return new Date(epochMs + CHINA_MS).toISOString().slice(0, 16).replace('T', ' ')
}
