import * as z from 'zod'
import { defineRoute, idInput, refuse } from '../../_kernel/index.ts'
import { taskId } from '../act/act-route.ts'
import { tasks } from '../instance/store.ts'

/** `approval/markRead`: a copy that was looked at. Again changes nothing. */
export const markRead = defineRoute({
  summary: 'Marks a copy as read',
  input: z.strictObject({ instanceId: idInput, taskId }),
  access: 'user',

  async handle({ instanceId, taskId }, ctx) {
    const id = `${instanceId}-t${taskId}`
    const mine = { _openid: ctx.userId, box: 'cc' as const }
    if (await ctx.db.updateIf(tasks, id, { ...mine, isRead: false }, { isRead: true }))
      return { isRead: true }
    const task = await ctx.db.find(tasks, id)
    if (task?._openid !== mine._openid || task.box !== mine.box)
      return refuse('NOT_FOUND', { instanceId, taskId })
    return { isRead: true }
  },
})
