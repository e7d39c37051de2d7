/** Table of contents of `media`; the mini program's client is checked against its type. */
import type { Routes } from '../_kernel/index.ts'
import { judge } from './check/judge.ts'
import { reviewQueue } from './check/review-queue.ts'
import { confirm } from './upload/confirm.ts'
import { grant } from './upload/grant.ts'
import { mine } from './upload/mine.ts'
import { remove } from './upload/remove.ts'
import { urls } from './upload/urls.ts'

export const routes = {
  grant,
  confirm,
  urls,
  mine,
  remove,

  reviewQueue,
  judge,
} satisfies Routes
