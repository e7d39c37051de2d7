import type { Consumer } from '../_kernel/index.ts'
import { countSales } from './product/count-sales.ts'

export { cleanCountedSales } from './product/count-sales.ts'
export { type SaleableSku, saleableSkus } from './product/saleable-skus.ts'

/** How this capability reacts to events; listed in `_events/index.ts`. */
export const consumers: Consumer[] = [countSales]
