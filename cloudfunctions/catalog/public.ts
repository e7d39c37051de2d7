import type { Consumer } from '../_kernel/index.ts'
import { countSales } from './product/count-sales.ts'

export { cleanCountedSales } from './product/count-sales.ts'
export { type SaleableSku, saleableSkus } from './product/saleable-skus.ts'

/** What partners may call, loaded when the first of them calls. */
export const partnerRoutes = async () => (await import('./partner-routes.ts')).routes

/** How this capability reacts to events; listed in `_events/index.ts`. */
export const consumers: Consumer[] = [countSales]
