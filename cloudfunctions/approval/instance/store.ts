/** What is kept of an approval: the whole of it in one document, a task for each person asked, and what happened in order. */
import * as z from 'zod'
import { type Context, collection, refuse, text } from '../../_kernel/index.ts'
import { commandSchema } from '../machine/command.ts'
import { type Instance, instanceSchema } from '../machine/state.ts'

export const instances = collection('approval_instances', instanceSchema)

/** For lists and for `watch`. Written in the transaction that changes the instance, never read to decide anything. */
export const tasks = collection(
  'approval_tasks',
  z.object({
    /** Of the instance, and the task's number in it. */
    _id: text,
    /** Who is asked, or told. */
    _openid: text,
    instanceId: text,
    taskId: z.int(),
    /** `waiting`: not their turn yet. `gone`: nobody needs their answer any more. */
    box: z.enum(['todo', 'waiting', 'done', 'gone', 'cc']),
    outcome: z.string().nullable(),
    nodeId: text,
    nodeTitle: text,
    place: z.enum(['before', 'own', 'after', 'lent', 'cc']),
    title: text,
    initiator: text,
    definitionKey: text,
    isRead: z.boolean(),
    askedAtMs: z.int(),
    /** When it came into its box: the order of lists. */
    movedAtMs: z.int(),
  }),
)
export type TaskDoc = ReturnType<typeof tasks.parse>

/** Append-only: the command that made each revision. Replayed from the first, they lead to the stored instance. */
export const history = collection(
  'approval_history',
  commandSchema.extend({
    _id: text,
    instanceId: text,
    revision: z.int(),
    /** What followed, for people: nodes that were entered, tasks that closed. */
    effects: z.array(z.record(text, z.unknown())),
  }),
)
export type HistoryEntry = ReturnType<typeof history.parse>

export function historyId(instanceId: string, revision: number): string {
  return `${instanceId}-${String(revision).padStart(6, '0')}`
}

/** For whoever was ever asked or told, and who began it; for others there is no such approval. */
export async function getVisible(ctx: Context, instanceId: string): Promise<Instance> {
  const instance = await ctx.db.find(instances, instanceId)
  if (!instance) return refuse('NOT_FOUND', { instanceId })
  if (!instance.people.includes(ctx.userId) && !(await ctx.can('approval:read')))
    return refuse('NOT_FOUND', { instanceId })
  return instance
}
