import * as z from 'zod'
import { defineRoute, pageInput } from '../../_kernel/index.ts'
import { instances } from '../instance/store.ts'
import { status } from '../machine/state.ts'
import { summaryOf } from './view.ts'

/** `approval/mine`: what I have begun, newest first. */
export const mine = defineRoute({
  summary: 'Approvals that I began, newest first',
  input: z.strictObject({ ...pageInput.shape, status: status.optional() }),
  access: 'user',

  async handle({ status, cursor, size }, ctx) {
    const page = await ctx.db.page(instances, {
      where: { _openid: ctx.userId, ...(status && { status }) },
      orderBy: ['createdAtMs', 'desc'],
      cursor,
      size,
    })
    return { items: page.items.map(summaryOf), nextCursor: page.nextCursor }
  },
})
