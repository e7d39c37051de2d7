import * as z from 'zod'
import { defineRoute } from '../../_kernel/index.ts'
import { instances, tasks } from '../instance/store.ts'

const row = z.object({ _id: z.object({ box: z.string(), isRead: z.boolean() }), tasks: z.int() })

/** `approval/counts`: the numbers on the badges. Two database requests. */
export const counts = defineRoute({
  summary: 'How much waits for me, was decided by me, is news to me, and runs of mine',
  input: z.strictObject({}),
  access: 'user',

  async handle(_input, ctx) {
    const [rows, running] = await Promise.all([
      ctx.db.aggregate(tasks, {
        match: { _openid: ctx.userId },
        group: { _id: { box: '$box', isRead: '$isRead' }, tasks: { $sum: 1 } },
        limit: 20,
      }),
      ctx.db.count(instances, { _openid: ctx.userId, status: 'running' }),
    ])
    const total = (box: string, unreadOnly = false) =>
      z
        .array(row)
        .parse(rows)
        .filter(({ _id }) => _id.box === box && !(unreadOnly && _id.isRead))
        .reduce((sum, found) => sum + found.tasks, 0)
    return {
      todo: total('todo'),
      done: total('done'),
      copies: total('cc'),
      unreadCopies: total('cc', true),
      running,
    }
  },
})
