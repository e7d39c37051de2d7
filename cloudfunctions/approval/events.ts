/** What happens in approvals, for whoever tells people. Names and payloads are stored: change them only by adding. */
import * as z from 'zod'
import { defineEvent, text } from '../_kernel/index.ts'
import { outcome } from './outcome.ts'

const facts = z.object({
  instanceId: text,
  title: text,
  initiator: text,
  /** Who is to be told. */
  userIds: z.array(text),
})

export const approvalAsked = defineEvent('approval.asked', facts)
export const approvalUrged = defineEvent('approval.urged', facts)
export const approvalEnded = defineEvent('approval.ended', facts.extend({ outcome }))
