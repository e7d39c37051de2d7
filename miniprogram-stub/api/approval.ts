import type { routes } from '../../cloudfunctions/approval/routes'
import { client } from './client'

export const approval = client<typeof routes>('approval', [
  'start',
  'approve',
  'reject',
  'sendBack',
  'resubmit',
  'withdraw',
  'transfer',
  'delegate',
  'giveBack',
  'addSigners',
  'removeSigner',
  'copyTo',
  'urge',
  'comment',
  'terminate',
  'reassign',
])
