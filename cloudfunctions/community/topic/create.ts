import * as z from 'zod'
import { defineRoute } from '../../_kernel/index.ts'
import { fileId } from '../content/fields.ts'
import { topics } from './store.ts'

export const topicFields = {
  title: z.string().trim().min(1).max(30),
  summary: z.string().trim().max(200).default(''),
  coverFileId: fileId.nullable().default(null),
}

/** community/createTopic */
export const createTopic = defineRoute({
  summary: 'Open a topic',
  input: z.strictObject(topicFields),
  access: 'community:manage',
  idempotent: 'once',
  audit: { action: 'topic.create', subject: ({ title }) => `topic/${title}` },

  async handle(fields, ctx) {
    const nowMs = ctx.clock.nowMs()
    const topicId = ctx.ids.next('top')
    return ctx.once(async (tx) => {
      await tx.insert(topics, {
        _id: topicId,
        ...fields,
        status: 'open',
        postCount: 0,
        countVersion: 0,
        createdAtMs: nowMs,
        updatedAtMs: nowMs,
      })
      return { topicId }
    })
  },
})
