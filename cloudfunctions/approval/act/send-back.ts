import { nodeId } from '../definition/model.ts'
import { actRoute, taskId } from './act-route.ts'

/** `approval/sendBack`: to a node that was passed, or to the initiator (`start`); `approval/detail` names them. */
export const sendBack = actRoute({
  summary: 'Returns an approval to an earlier node',
  input: { taskId, toNode: nodeId },
  action: ({ taskId, toNode }) => ({ kind: 'return', taskId, toNode }),
})
