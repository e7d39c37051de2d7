import { describeRoutes } from '../../test/support/describe-routes.ts'
import { routes } from './routes.ts'

describeRoutes('inventory', routes, {
  availability: { skuIds: ['s1'] },
  list: { onlyLow: true, size: 1 },
  movements: { skuId: 's1', size: 1 },
  restock: { skuId: 's1', quantity: 1, note: 'delivered' },
  adjust: { skuId: 's1', delta: -1, reason: 'broken' },
  setLowMark: { skuId: 's1', lowAt: 1 },
  verify: { skuId: 's1' },
})
