import type { routes } from '../../cloudfunctions/ops/routes'
import { client } from './client'

export const ops = client<typeof routes>('ops', ['startRestore'])
