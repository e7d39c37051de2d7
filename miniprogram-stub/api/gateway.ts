import type { routes } from '../../cloudfunctions/gateway/routes'
import { client } from './client'

export const gateway = client<typeof routes>('gateway', ['createPartner', 'rotateSecret', 'addSigningKey'])
