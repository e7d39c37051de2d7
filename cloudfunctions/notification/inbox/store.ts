import * as z from 'zod'
import { collection, idInput } from '../../_kernel/index.ts'

export const inboxMessages = collection(
  'inbox_messages',
  z.object({
    /** Derived from event, user and kind: an event that is delivered twice writes one message. */
    _id: z.string(),
    _openid: z.string(),
    userId: z.string(),
    code: z.string(),
    title: z.string(),
    body: z.string(),
    page: z.string(),
    isRead: z.boolean(),
    createdAtMs: z.int(),
  }),
)

export const messageId = idInput
