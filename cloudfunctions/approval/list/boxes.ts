/** Lists of tasks, each by cursor: one database request. */
import * as z from 'zod'
import { defineRoute, pageInput } from '../../_kernel/index.ts'
import { type TaskDoc, tasks } from '../instance/store.ts'

/** `approval/todo`: what waits for me, oldest first. */
export const todo = boxRoute('todo', 'What waits for my decision, oldest first')
/** `approval/done`: what I decided or handed on, newest first. */
export const done = boxRoute('done', 'What I have decided, newest first')
/** `approval/copies`: what I was told about, newest first. */
export const copies = boxRoute('cc', 'What I was told about, newest first')

function boxRoute(box: TaskDoc['box'], summary: string) {
  return defineRoute({
    summary,
    input: z.strictObject(pageInput.shape),
    access: 'user',

    async handle({ cursor, size }, ctx) {
      const page = await ctx.db.page(tasks, {
        where: { _openid: ctx.userId, box },
        orderBy: ['movedAtMs', box === 'todo' ? 'asc' : 'desc'],
        cursor,
        size,
      })
      return { items: page.items.map(viewOf), nextCursor: page.nextCursor }
    },
  })
}

function viewOf({ _id, _openid, box, ...task }: TaskDoc) {
  return task
}
