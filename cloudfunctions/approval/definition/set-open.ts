import * as z from 'zod'
import { defineRoute } from '../../_kernel/index.ts'
import { definitionKey } from './model.ts'
import { definitions } from './store.ts'

/** `approval/setDefinitionOpen`: whether new approvals may begin; those that run go on. The same again changes nothing. */
export const setDefinitionOpen = defineRoute({
  summary: 'Opens a flow for new approvals, or closes it',
  input: z.strictObject({ key: definitionKey, isOpen: z.boolean() }),
  access: 'approval:design',
  audit: { action: 'approval.set-open', subject: ({ key }) => key },

  async handle({ key, isOpen }, ctx) {
    return ctx.transaction(async (tx) => {
      const before = await tx.get(definitions, key)
      if (before.isOpen !== isOpen)
        await tx.putIf(
          definitions,
          { ...before, isOpen, revision: before.revision + 1 },
          { revision: before.revision },
        )
      return { key, isOpen }
    })
  },
})
