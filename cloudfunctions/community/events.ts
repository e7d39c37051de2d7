/** What happens in the community, for those who are told of it. */
import * as z from 'zod'
import { defineEvent, text } from '../_kernel/index.ts'

const about = {
  userId: text,
  postId: text,
  who: text,
  /** Their id; events of earlier versions have none. */
  byId: text.optional(),
  excerpt: z.string(),
}

/** A post that names `userId` shows for the first time. */
export const mentioned = defineEvent('community.mentioned', z.object(about))

/** A comment on `userId`'s post, or an answer to their comment, shows for the first time. */
export const commented = defineEvent('community.commented', z.object({ ...about, commentId: text }))

/** A moderator decided about content of `userId`. */
export const judged = defineEvent(
  'community.judged',
  z.object({
    userId: text,
    postId: text,
    subjectId: text,
    excerpt: z.string(),
    action: z.enum(['approve', 'reject', 'takeDown']),
    reason: z.string(),
    isAppeal: z.boolean(),
  }),
)
