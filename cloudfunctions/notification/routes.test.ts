import { describeRoutes } from '../../test/support/describe-routes.ts'
import { routes } from './routes.ts'

describeRoutes('notification', routes, {
  inbox: { size: 1 },
  unreadCount: {},
  markRead: { messageId: 'm1' },
  markAllRead: {},
  removeMessage: { messageId: 'm1' },

  subscribable: {},
  reportSubscription: { templateCodes: ['order.paid'] },

  templates: {},
  saveTemplate: {
    code: 'order.paid',
    wechatTemplateId: 'template_id_1',
    fields: { thing1: 'orderId' },
    enabled: true,
  },
  listJobs: { status: 'failed', code: 'order.paid', size: 1 },
  replayJob: { jobId: 'j1' },
})
