import { describeRoutes } from '../../test/support/describe-routes.ts'
import { routes } from './routes.ts'

describeRoutes(
  'payment',
  routes,
  {
    prepare: { orderId: 'o1', addressId: 'a1' },
    query: { orderId: 'o1' },

    list: { state: 'paid', size: 1 },
    detail: { orderId: 'o1' },
    refund: {
      orderId: 'o1',
      refundFen: 1,
      reason: 'broken',
      returnGoods: true,
      lines: [{ skuId: 's1', quantity: 1 }],
    },
    refunds: { state: 'failed', orderId: 'o1', size: 1 },
    retryRefund: { refundId: 'r1' },
    reconcile: { day: '2026-01-04' },
    reconciliations: { size: 1 },
  },
  { refusesUnknownFields: true },
)
