import { refuse } from '../../_kernel/index.ts'
import { readFlow } from '../definition/store.ts'
import { assertForm, filledIn } from '../instance/start.ts'
import { instances } from '../instance/store.ts'
import { actRoute, taskId } from './act-route.ts'

/** `approval/resubmit`: the initiator sends a returned form in again, by the definition that it began with. */
export const resubmit = actRoute({
  summary: 'Sends a returned approval in again',
  input: { taskId, ...filledIn },
  async action({ instanceId, taskId, form, chosen }, ctx) {
    const instance = await ctx.db.find(instances, instanceId)
    if (instance?._openid !== ctx.userId) return refuse('NOT_FOUND', { instanceId })
    const { content } = await readFlow(ctx, instance.definitionKey, instance.version)
    return { kind: 'resubmit', taskId, form: assertForm(content, form), chosen }
  },
})
