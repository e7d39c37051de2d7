import type { routes } from '../../cloudfunctions/payment/routes'
import { client } from './client'

export const payment = client<typeof routes>('payment', ['refund'])
