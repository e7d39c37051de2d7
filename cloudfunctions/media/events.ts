import * as z from 'zod'
import { defineEvent, text } from '../_kernel/index.ts'

/** WeChat has judged a picture that is not one of ours; `suggest` is null when it could not look at it. */
export const mediaChecked = defineEvent(
  'media.checked',
  z.object({ traceId: text, suggest: z.enum(['pass', 'review', 'risky']).nullable() }),
)
