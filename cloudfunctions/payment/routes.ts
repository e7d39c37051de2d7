/** Table of contents of `payment`; the mini program's client is checked against its type. */
import type { Routes } from '../_kernel/index.ts'
import { detail } from './detail.ts'
import { list } from './list.ts'
import { prepare } from './prepare.ts'
import { query } from './query.ts'
import { reconcile } from './reconcile.ts'
import { reconciliations } from './reconciliations.ts'
import { refund } from './refund.ts'
import { refunds } from './refunds.ts'
import { retryRefund } from './retry-refund.ts'

export const routes = {
  prepare,
  query,

  list,
  detail,
  refund,
  refunds,
  retryRefund,
  reconcile,
  reconciliations,
} satisfies Routes
