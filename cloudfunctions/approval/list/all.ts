import * as z from 'zod'
import { defineRoute, pageInput } from '../../_kernel/index.ts'
import { definitionKey } from '../definition/model.ts'
import { instances } from '../instance/store.ts'
import { status } from '../machine/state.ts'
import { summaryOf } from './view.ts'

/** `approval/all`: every approval of a flow, newest first. */
export const all = defineRoute({
  summary: 'Approvals of one flow, for those who look after them',
  input: z.strictObject({ ...pageInput.shape, key: definitionKey, status: status.default('running') }),
  access: 'approval:read',

  async handle({ key, status, cursor, size }, ctx) {
    const page = await ctx.db.page(instances, {
      where: { definitionKey: key, status },
      orderBy: ['createdAtMs', 'desc'],
      cursor,
      size,
    })
    return { items: page.items.map(summaryOf), nextCursor: page.nextCursor }
  },
})
