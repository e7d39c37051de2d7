import { describeRoutes } from '../../test/support/describe-routes.ts'
import { routes } from './routes.ts'

const items = [{ skuId: 's1', quantity: 1 }]

describeRoutes(
  'order',
  routes,
  {
    cart: {},
    cartAdd: { skuId: 's1', quantity: 1 },
    cartUpdate: { skuId: 's1', quantity: 1 },
    cartRemove: { skuIds: ['s1'] },
    cartSelect: { skuIds: ['s1'], selected: true },
    cartClear: {},

    create: { items, addressId: 'a1', note: 'ring twice', fromCart: true },
    detail: { orderId: 'o1' },
    list: { status: 'paid', size: 1 },
    counts: {},
    setAddress: { orderId: 'o1', addressId: 'a1' },
    cancel: { orderId: 'o1' },
    confirm: { orderId: 'o1' },
    applyAfterSale: { orderId: 'o1', returnGoods: true, reason: 'broken', refundFen: 1, lines: items },
    cancelAfterSale: { orderId: 'o1' },

    ship: { orderId: 'o1', carrier: 'SF', trackingNo: 'SF0001' },
    approveAfterSale: { orderId: 'o1', afterSaleId: 'as1', answer: 'sorry' },
    rejectAfterSale: { orderId: 'o1', afterSaleId: 'as1', answer: 'worn' },
    operatorList: {
      status: 'paid',
      afterSaleStatus: 'requested',
      userId: 'u1',
      trackingNo: 'SF0001',
      fromMs: 1,
      beforeMs: 2,
      size: 1,
    },
    operatorDetail: { orderId: 'o1' },
  },
  { refusesUnknownFields: true },
)
