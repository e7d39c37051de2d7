import * as z from 'zod'
import { userId } from '../definition/model.ts'
import { actRoute, taskId } from './act-route.ts'

/** `approval/addSigners`: others decide before me, or after me; a rejection by any of them counts as mine. */
export const addSigners = actRoute({
  summary: 'Adds signers before or after me',
  input: { taskId, place: z.enum(['before', 'after']), userIds: z.array(userId).min(1).max(10) },
  action: ({ taskId, place, userIds }) => ({ kind: 'add-signers', taskId, place, userIds }),
})

/** `approval/removeSigner`: one whom I added and who has not decided. */
export const removeSigner = actRoute({
  summary: 'Removes a signer whom I added',
  input: { taskId },
  action: ({ taskId }) => ({ kind: 'remove-signer', taskId }),
})
