import { describe, expect, it } from 'vitest'
import { parseBill } from './bill.ts'

const TITLES =
  '交易时间,商户订单号,交易状态,订单金额,微信退款单号,商户退款单号,申请退款金额,退款状态,商品名称'

describe('parseBill', () => {
  it('reads payments and refunds, amounts to the fen, and stops at the summary', () => {
    const bill = parseBill(
      [
        `\uFEFF${TITLES}`,
        '`2026-01-05 10:00:00,`ord_1,`SUCCESS,`0.29,`0,`0,`0.00,`,`A shirt, red',
        '`2026-01-05 11:00:00,`ord_1,`REFUND,`0.00,`5030,`rf_1,`0.10,`PROCESSING,`A shirt',
        '总交易单数,订单总金额',
        '`2,`0.29',
        '',
      ].join('\r\n'),
    )
    expect(bill).toEqual({
      payments: [{ outTradeNo: 'ord_1', totalFen: 29 }],
      refunds: [
        {
          outTradeNo: 'ord_1',
          outRefundNo: 'rf_1',
          wechatRefundId: '5030',
          refundFen: 10,
          isSettled: false,
          atMs: Date.UTC(2026, 0, 5, 3),
        },
      ],
    })
  })

  it('throws on a table that is no bill, and on an amount that is none', () => {
    expect(() => parseBill('<xml><return_code>FAIL</return_code></xml>')).toThrow('no column')
    expect(() => parseBill(`${TITLES}\n\`t,\`ord_1,\`SUCCESS,\`-1.00,\`0,\`0,\`0.00,\`,\`x`)).toThrow(
      'amount',
    )
  })
})
