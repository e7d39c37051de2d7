/** The tasks of an approval as their lists show them, worked out from what it was and what it is. No I/O. */
import type { Flow } from '../definition/graph.ts'
import type { Effect } from '../machine/command.ts'
import type { Instance, Task } from '../machine/state.ts'
import { activeTasks } from '../machine/vote.ts'
import type { TaskDoc } from './store.ts'

const OPEN_OUTCOMES = new Set(['void', 'removed'])

/** The task documents that a change writes: those that closed, came, or changed box. */
export function changedTasks(
  flow: Flow,
  before: Instance | undefined,
  after: Instance,
  effects: readonly Effect[],
): TaskDoc[] {
  const earlier = new Map(before ? openTasks(flow, before).map((doc) => [doc._id, doc.box]) : [])
  const docs = new Map<string, TaskDoc>()
  for (const doc of openTasks(flow, after)) if (earlier.get(doc._id) !== doc.box) docs.set(doc._id, doc)
  for (const effect of effects) {
    const doc = closedTask(flow, after, effect)
    if (doc) docs.set(doc._id, doc)
  }
  return [...docs.values()]
}

function openTasks(flow: Flow, instance: Instance): TaskDoc[] {
  return instance.tokens.flatMap(({ nodeId, tasks }) => {
    const node = flow.get(nodeId)
    const turn = node.kind === 'approve' ? activeTasks(tasks, node.voting) : tasks
    return tasks
      .filter(({ decision }) => decision === null)
      .map((task) => docOf(flow, instance, nodeId, task, turn.includes(task) ? 'todo' : 'waiting', null))
  })
}

function closedTask(flow: Flow, instance: Instance, effect: Effect): TaskDoc | undefined {
  if (effect.kind === 'closed') {
    const { task, nodeId, outcome } = effect
    return docOf(flow, instance, nodeId, task, OPEN_OUTCOMES.has(outcome) ? 'gone' : 'done', outcome)
  }
  if (effect.kind !== 'copied') return undefined
  const { copyId: id, userId, nodeId } = effect
  const copy = { id, userId, place: 'cc' as const, askedAtMs: instance.updatedAtMs }
  return docOf(flow, instance, nodeId, copy, 'cc', null)
}

function docOf(
  flow: Flow,
  instance: Instance,
  nodeId: string,
  task: Pick<Task, 'id' | 'userId' | 'askedAtMs'> & { place: TaskDoc['place'] },
  box: TaskDoc['box'],
  outcome: string | null,
): TaskDoc {
  const node = flow.get(nodeId)
  return {
    _id: `${instance._id}-t${task.id}`,
    _openid: task.userId,
    instanceId: instance._id,
    taskId: task.id,
    box,
    outcome,
    nodeId,
    nodeTitle: 'title' in node ? node.title : '发起',
    place: task.place,
    title: instance.title,
    initiator: instance._openid,
    definitionKey: instance.definitionKey,
    isRead: false,
    askedAtMs: task.askedAtMs,
    movedAtMs: instance.updatedAtMs,
  }
}
