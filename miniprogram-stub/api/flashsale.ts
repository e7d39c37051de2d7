import type { routes } from '../../cloudfunctions/flashsale/routes'
import { client } from './client'

export const flashsale = client<typeof routes>('flashsale', ['buy', 'create'])
