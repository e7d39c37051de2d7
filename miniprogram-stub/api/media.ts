import type { routes } from '../../cloudfunctions/media/routes'
import { client } from './client'

export const media = client<typeof routes>('media', ['grant'])
