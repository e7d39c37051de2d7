import { describeRoutes } from '../../test/support/describe-routes.ts'
import { routes } from './routes.ts'

const product = { title: 'Mug', skus: [{ priceFen: 1 }] }

describeRoutes('catalog', routes, {
  categories: {},
  list: { categoryId: 'c1', minPriceFen: 1, maxPriceFen: 2, sort: 'sales', withUrls: true, size: 1 },
  search: { text: 'mug', withUrls: true, size: 1 },
  detail: { productId: 'p1', withUrls: true },
  batch: { productIds: ['p1'], withUrls: true },

  createCategory: { name: 'Things', parentId: 'c1' },
  updateCategory: { categoryId: 'c1', name: 'Things' },
  removeCategory: { categoryId: 'c1' },

  operatorList: { status: 'draft', text: 'mug', size: 1 },
  operatorDetail: { productId: 'p1' },
  createProduct: product,
  editProduct: { ...product, productId: 'p1', version: 1 },
  publish: { productId: 'p1' },
  unpublish: { productId: 'p1' },
  removeProduct: { productId: 'p1' },
})
