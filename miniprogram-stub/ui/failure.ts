import { NoAnswer, NotPaid, Refused } from '../api/index'

/** What a person is told when something did not work. The server's refusals bring their own words. */
export function wordsOf(error: unknown): string {
  if (error instanceof Refused) return error.message
  if (error instanceof NoAnswer) return '没有收到答复，请检查网络后再试'
  if (error instanceof NotPaid) return error.isCancelled ? '已取消支付' : '支付没有成功'
  console.error(error)
  return '出错了，请稍后再试'
}

/** The one way in which a failed tap is shown. */
export function tell(error: unknown): void {
  wx.showToast({ title: wordsOf(error), icon: 'none', duration: 2500 })
}
