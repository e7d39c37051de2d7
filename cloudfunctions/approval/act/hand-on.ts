import { userId } from '../definition/model.ts'
import { actRoute, taskId } from './act-route.ts'

/** `approval/transfer`: somebody else decides in my place, for good. */
export const transfer = actRoute({
  summary: 'Hands a task of mine to somebody else',
  input: { taskId, toUser: userId },
  action: ({ taskId, toUser }) => ({ kind: 'transfer', taskId, toUser }),
})

/** `approval/delegate`: somebody else looks at it and gives it back; the decision stays mine. */
export const delegate = actRoute({
  summary: 'Asks somebody for their opinion on a task of mine',
  input: { taskId, toUser: userId },
  action: ({ taskId, toUser }) => ({ kind: 'delegate', taskId, toUser }),
})

/** `approval/giveBack`: by the one who was asked, with their opinion, or by the one who does not want to wait. */
export const giveBack = actRoute({
  summary: 'Gives a delegated task back, or takes it back',
  input: { taskId },
  action: ({ taskId }) => ({ kind: 'give-back', taskId }),
})
