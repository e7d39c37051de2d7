import type { routes } from '../../cloudfunctions/user/routes'
import { client } from './client'

export const user = client<typeof routes>('user', ['addAddress', 'createRole', 'createDepartment'])
