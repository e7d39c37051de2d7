/** Who reacts to what: every consumer of every capability, on one page. */
import type { Consumer } from '../_kernel/index.ts'
import { consumers as approval } from '../approval/public.ts'
import { consumers as catalog } from '../catalog/public.ts'
import { consumers as collab } from '../collab/public.ts'
import { consumers as community } from '../community/public.ts'
import { consumers as flashsale } from '../flashsale/public.ts'
import { consumers as gateway } from '../gateway/public.ts'
import { consumers as inventory } from '../inventory/public.ts'
import { consumers as media } from '../media/public.ts'
import { consumers as notification } from '../notification/public.ts'
import { consumers as payment } from '../payment/public.ts'
import { consumers as user } from '../user/public.ts'

export const consumers: readonly Consumer[] = [
  ...inventory,
  ...flashsale,
  ...payment,
  ...catalog,
  // Before `user`, which takes whoever left out of their department: approval notes whom they had as managers.
  ...approval,
  ...user,
  ...notification,
  ...gateway,
  ...community,
  ...collab,
  ...media,
]
