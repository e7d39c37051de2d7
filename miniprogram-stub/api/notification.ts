import type { routes } from '../../cloudfunctions/notification/routes'
import { client } from './client'

export const notification = client<typeof routes>('notification', ['reportSubscription'])
