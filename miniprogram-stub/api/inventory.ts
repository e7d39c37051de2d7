import type { routes } from '../../cloudfunctions/inventory/routes'
import { client } from './client'

export const inventory = client<typeof routes>('inventory', ['restock', 'adjust'])
