import * as z from 'zod'
import { defineRoute, pageInput } from '../../_kernel/index.ts'
import { users } from '../store.ts'
import { toPersonView } from './view.ts'

/** user/listUsers: newest first, or the ones with a phone number. One database request. */
export const listUsers = defineRoute({
  summary: 'Users, newest first, or by phone number',
  input: pageInput.extend({
    phone: z
      .string()
      .regex(/^\d{5,15}$/)
      .optional(),
    status: z.enum(['active', 'deleted']).default('active'),
  }),
  access: 'user:read',

  async handle({ phone, status, cursor, size }, ctx) {
    const nowMs = ctx.clock.nowMs()
    const page = await ctx.db.page(users, {
      where: phone === undefined ? { status } : { phone, status },
      orderBy: ['createdAtMs', 'desc'],
      cursor,
      size,
    })
    return { items: page.items.map((user) => toPersonView(user, nowMs)), nextCursor: page.nextCursor }
  },
})
