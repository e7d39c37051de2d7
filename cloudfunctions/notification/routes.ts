import type { Routes } from '../_kernel/index.ts'
import { inbox } from './inbox/list.ts'
import { markAllRead } from './inbox/mark-all-read.ts'
import { markRead } from './inbox/mark-read.ts'
import { removeMessage } from './inbox/remove.ts'
import { unreadCount } from './inbox/unread-count.ts'
import { listJobs } from './job/list.ts'
import { replayJob } from './job/replay.ts'
import { templates } from './template/list.ts'
import { reportSubscription } from './template/report-subscription.ts'
import { saveTemplate } from './template/save.ts'
import { subscribable } from './template/subscribable.ts'

export const routes = {
  inbox,
  unreadCount,
  markRead,
  markAllRead,
  removeMessage,

  subscribable,
  reportSubscription,

  templates,
  saveTemplate,
  listJobs,
  replayJob,
} satisfies Routes
