import * as z from 'zod'
import { userId } from '../definition/model.ts'
import { actRoute } from './act-route.ts'

/** `approval/copyTo`: lets others read along, for the initiator and whoever is asked. */
export const copyTo = actRoute({
  summary: 'Lets others read an approval',
  input: { userIds: z.array(userId).min(1).max(20) },
  action: ({ userIds }) => ({ kind: 'cc', userIds }),
})

/** `approval/urge`: once an hour, ten times for each approval. */
export const urge = actRoute({
  summary: 'Reminds those who are asked',
  input: {},
  action: () => ({ kind: 'urge' }),
})

/** `approval/comment`: by anybody who may see it. */
export const comment = actRoute({
  summary: 'Says something about a running approval',
  input: { comment: z.string().trim().min(1).max(500) },
  action: () => ({ kind: 'comment' }),
})
