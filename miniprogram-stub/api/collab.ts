import type { routes } from '../../cloudfunctions/collab/routes'
import { client } from './client'

export const collab = client<typeof routes>('collab', ['create', 'saveVersion', 'restore'])
