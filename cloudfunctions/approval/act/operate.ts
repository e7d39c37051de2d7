import { userId } from '../definition/model.ts'
import { actRoute, taskId } from './act-route.ts'

/** `approval/terminate`: ends an approval that should not go on. */
export const terminate = actRoute({
  summary: 'Ends a running approval',
  input: {},
  operator: 'approval:manage',
  action: () => ({ kind: 'terminate' }),
})

/** `approval/reassign`: gives a task, whosever it is, to somebody else. */
export const reassign = actRoute({
  summary: "Gives somebody's task to somebody else",
  input: { taskId, toUser: userId },
  operator: 'approval:manage',
  action: ({ taskId, toUser }) => ({ kind: 'transfer', taskId, toUser }),
})
