import * as z from 'zod'
import { defineRoute, idInput } from '../../_kernel/index.ts'
import type { Flow } from '../definition/graph.ts'
import { readFlow } from '../definition/store.ts'
import { getVisible } from '../instance/store.ts'
import { returnTargets } from '../machine/move.ts'
import type { Instance, Token } from '../machine/state.ts'
import { activeTasks } from '../machine/vote.ts'
import { openPapers } from '../papers.ts'
import { summaryOf } from './view.ts'

/** `approval/detail`: the form with its files, where it is, who is asked. One database request, one of the storage for files. */
export const detail = defineRoute({
  summary: 'One approval, for whoever takes part in it',
  input: z.strictObject({ instanceId: idInput }),
  access: 'user',

  async handle({ instanceId }, ctx) {
    const instance = await getVisible(ctx, instanceId)
    const flow = await readFlow(ctx, instance.definitionKey, instance.version)
    return {
      ...summaryOf(instance),
      revision: instance.revision,
      form: instance.form,
      fields: flow.content.fields,
      papers: await openPapers(ctx, flow.content, instance.form),
      parent: instance.parent?.instanceId ?? null,
      urgedTimes: instance.urged.times,
      at: instance.tokens.map((token) => placeOf(flow, instance, token)),
    }
  },
})

function placeOf(flow: Flow, instance: Instance, token: Token) {
  const node = flow.get(token.nodeId)
  const turn = node.kind === 'approve' ? activeTasks(token.tasks, node.voting) : token.tasks
  return {
    nodeId: node.id,
    kind: node.kind,
    title: 'title' in node ? node.title : null,
    arrivedAtMs: token.arrivedAtMs,
    dueAtMs: token.dueAtMs,
    mayReturnTo: node.kind === 'approve' ? returnTargets({ flow, instance }, token) : [],
    tasks: token.tasks.map((task) => {
      const { id, userId, place, decision, auto } = task
      return { taskId: id, userId, place, decision, auto, isTurn: decision === null && turn.includes(task) }
    }),
  }
}
