import * as z from 'zod'
import { defineRoute } from '../../_kernel/index.ts'
import { findProblems } from './check.ts'
import { contentSchema, definitionKey } from './model.ts'
import { definitions } from './store.ts'

/** `approval/saveDefinition`: keeps a draft, finished or not. Says what still keeps it from being published. */
export const saveDefinition = defineRoute({
  summary: 'Keeps the draft of a flow, and says what is wrong with it',
  input: z.strictObject({
    key: definitionKey,
    content: contentSchema,
    /** As it was read; 0 for a new flow. Somebody else's change since then refuses STALE. */
    revision: z.int().min(0),
  }),
  access: 'approval:design',
  audit: { action: 'approval.save-definition', subject: ({ key }) => key },

  async handle({ key, content, revision }, ctx) {
    const updatedAtMs = ctx.clock.nowMs()
    await ctx.transaction(async (tx) => {
      const before = await tx.find(definitions, key)
      const next = {
        _id: key,
        version: 0,
        isOpen: true,
        ...before,
        title: content.title,
        draft: content,
        revision: revision + 1,
        updatedAtMs,
        updatedBy: ctx.userId,
      }
      if (before || revision > 0) await tx.putIf(definitions, next, { revision })
      else await tx.insert(definitions, next)
    })
    return { key, revision: revision + 1, problems: findProblems(content) }
  },
})
