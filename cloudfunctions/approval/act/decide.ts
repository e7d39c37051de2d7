import { actRoute, taskId } from './act-route.ts'

/** `approval/approve`: yes, to one's own task whose turn it is. */
export const approve = actRoute({
  summary: 'Approves a task of mine',
  input: { taskId },
  action: ({ taskId }) => ({ kind: 'approve', taskId }),
})

/** `approval/reject`: no. What the node then does is in its definition. */
export const reject = actRoute({
  summary: 'Rejects a task of mine',
  input: { taskId },
  action: ({ taskId }) => ({ kind: 'reject', taskId }),
})
