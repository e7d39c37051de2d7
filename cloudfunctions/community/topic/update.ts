import * as z from 'zod'
import { defineRoute, idInput } from '../../_kernel/index.ts'
import { topicFields } from './create.ts'
import { topics } from './store.ts'

/** community/updateTopic: the whole of what an operator says about it. A new title shows on posts from then on. */
export const updateTopic = defineRoute({
  summary: 'Change, close or open a topic again',
  input: z.strictObject({ topicId: idInput, ...topicFields, status: z.enum(['open', 'closed']) }),
  access: 'community:manage',
  audit: { action: 'topic.update', subject: ({ topicId }) => `topic/${topicId}` },

  async handle({ topicId, ...fields }, ctx) {
    await ctx.transaction(async (tx) => {
      await tx.update(topics, topicId, { ...fields, updatedAtMs: ctx.clock.nowMs() })
    })
    return { topicId }
  },
})
