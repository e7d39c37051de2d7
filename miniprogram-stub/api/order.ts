import type { routes } from '../../cloudfunctions/order/routes'
import { client } from './client'

export const order = client<typeof routes>('order', ['create', 'cartAdd', 'applyAfterSale'])
