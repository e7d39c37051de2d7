import * as z from 'zod'
import { defineRoute, pageInput } from '../../_kernel/index.ts'
import { definitions } from './store.ts'

/** `approval/definitions`: every flow, for those who draw them. */
export const listDefinitions = defineRoute({
  summary: 'All flows, for designers',
  input: z.strictObject(pageInput.shape),
  access: 'approval:design',

  async handle({ cursor, size }, ctx) {
    const page = await ctx.db.page(definitions, { orderBy: ['_id', 'asc'], cursor, size })
    return {
      items: page.items.map(({ _id, draft, ...rest }) => ({ key: _id, ...rest })),
      nextCursor: page.nextCursor,
    }
  },
})
