import * as z from 'zod'
import { command, defineRoute, pageInput } from '../../_kernel/index.ts'
import { definitions } from './store.ts'

/** `approval/startable`: the flows that anybody may begin. */
export const startable = defineRoute({
  summary: 'Flows that can be begun',
  input: z.strictObject(pageInput.shape),
  access: 'user',

  async handle({ cursor, size }, ctx) {
    const where = { isOpen: true, version: command.gt(0) }
    const page = await ctx.db.page(definitions, { where, orderBy: ['_id', 'asc'], cursor, size })
    return {
      items: page.items.map(({ _id, title, version }) => ({ key: _id, title, version })),
      nextCursor: page.nextCursor,
    }
  },
})
