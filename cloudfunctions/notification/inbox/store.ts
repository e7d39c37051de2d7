import * as z from 'zod'
import { collection, idInput, text } from '../../_kernel/index.ts'

export const inboxMessages = collection(
  'inbox_messages',
  z.object({
    /** Derived from event, user and kind: an event that is delivered twice writes one message. */
    _id: text,
    _openid: text,
    userId: text,
    /** Whose words or name it tells: it goes when they ask to be forgotten. */
    fromUserId: z.string().nullable().default(null),
    code: text,
    title: text,
    body: text,
    page: text,
    isRead: z.boolean(),
    createdAtMs: z.int(),
  }),
)

export const messageId = idInput
