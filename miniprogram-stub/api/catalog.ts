import type { routes } from '../../cloudfunctions/catalog/routes'
import { client } from './client'

export const catalog = client<typeof routes>('catalog', ['createCategory', 'createProduct', 'editProduct'])
