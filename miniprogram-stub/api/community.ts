import type { routes } from '../../cloudfunctions/community/routes'
import { client } from './client'

export const community = client<typeof routes>('community', [
  'createPost',
  'editPost',
  'saveDraft',
  'comment',
  'createTopic',
])
