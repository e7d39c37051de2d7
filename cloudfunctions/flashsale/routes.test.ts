import { describeRoutes } from '../../test/support/describe-routes.ts'
import { routes } from './routes.ts'

const sale = {
  title: 'Mugs',
  skuId: 's1',
  priceFen: 1,
  units: 10,
  perUser: 1,
  opensAtMs: 1,
  closesAtMs: 2,
}

describeRoutes('flashsale', routes, {
  list: {},
  detail: { saleId: 'f1' },
  buy: { saleId: 'f1', quantity: 1 },
  create: sale,
  edit: { saleId: 'f1', sale },
  publish: { saleId: 'f1' },
  cancel: { saleId: 'f1' },
  close: { saleId: 'f1' },
  listAll: { status: 'draft', size: 1 },
  stats: { saleId: 'f1' },
})
