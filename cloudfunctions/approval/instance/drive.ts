/** Carries an action out: reads the approval, lets the machine decide, and writes all that follows in one transaction. */
import { type Context, refuse, type Tx } from '../../_kernel/index.ts'
import { checkForm, type Form } from '../definition/form.ts'
import type { Flow } from '../definition/graph.ts'
import { definitions, readFlow } from '../definition/store.ts'
import { approvalAsked, approvalEnded, approvalUrged } from '../events.ts'
import { advance } from '../machine/advance.ts'
import { type Action, type ActionOf, type Command, type Effect, keyOf } from '../machine/command.ts'
import type { Instance } from '../machine/state.ts'
import type { Outcome } from '../outcome.ts'
import { keepPapers } from '../papers.ts'
import { answer } from './directory.ts'
import { changedTasks } from './project.ts'
import { history, historyId, instances, tasks } from './store.ts'

export interface Deed {
  action: Action
  by: string
  asOperator?: boolean
  comment?: string
}

const DEPTH_MAX = 4

/**
 * Within a transaction, on the approval as it was read there. Two people at the same moment: the second transaction
 * conflicts, runs again and meets what the first has left, so its action is done or refused by that.
 *
 * @param before undefined for the action that begins one.
 */
export async function drive(
  tx: Tx,
  before: Instance | undefined,
  deed: Deed,
): Promise<{ instance: Instance; effects: Effect[] }> {
  const { definitionKey, version } =
    deed.action.kind === 'begin' ? deed.action : (before ?? refuse('NOT_FOUND'))
  const flow = await readFlow(tx.context, definitionKey, version)
  const { command, instance, effects } = await workOut(tx.context, flow, before, deed)
  const instanceId = instance._id

  if (before) await tx.putIf(instances, instance, { revision: before.revision })
  else await tx.insert(instances, instance)
  if (isSentIn(deed.action)) await keepPapers(tx, flow.content, instance)
  await tx.insert(history, {
    ...command,
    _id: historyId(instanceId, instance.revision),
    instanceId,
    revision: instance.revision,
    effects: effects.map((effect) => shown(effect)),
  })
  const changed = changedTasks(flow, before, instance, effects)
  for (const task of changed) await tx.put(tasks, task)
  await tx.audit({
    action: `approval.${deed.action.kind}`,
    subject: instanceId,
    details: { revision: instance.revision, status: instance.status },
  })

  const asked = changed.filter(({ box }) => box === 'todo').map(({ _openid }) => _openid)
  await announce(tx, instance, effects, asked)
  for (const effect of effects) {
    if (effect.kind === 'sub-start') await startInner(tx, flow, instance, effect.tokenId, effect.nodeId)
    if (effect.kind === 'sub-cancel') await cancelInner(tx, instance, effect.tokenId)
    if (effect.kind === 'ended' && instance.parent) await tellOuter(tx, instance.parent, effect.outcome)
  }
  return { instance, effects }
}

/** By a person: what a sub-flow begins with is kept by its outer flow, and must not keep that from going on. */
function isSentIn(action: Action): boolean {
  return action.kind === 'resubmit' || (action.kind === 'begin' && action.parent === null)
}

/** Asks the organisation whatever the machine needs to know. */
async function workOut(ctx: Context, flow: Flow, before: Instance | undefined, deed: Deed) {
  const command: Command = {
    action: deed.action,
    by: deed.by,
    asOperator: deed.asOperator ?? false,
    atMs: ctx.clock.nowMs(),
    comment: deed.comment ?? '',
    answers: {},
  }
  for (;;) {
    const step = advance(flow, before, command)
    if (!step.question) return { command, ...step }
    command.answers[keyOf(step.question)] = await answer(ctx, flow, before, deed.action, step.question)
  }
}

async function announce(
  tx: Tx,
  instance: Instance,
  effects: readonly Effect[],
  asked: string[],
): Promise<void> {
  const about = { instanceId: instance._id, title: instance.title, initiator: instance._openid }
  if (asked.length > 0) await tx.emit(approvalAsked, { ...about, userIds: asked })
  for (const effect of effects) {
    if (effect.kind === 'urged') await tx.emit(approvalUrged, { ...about, userIds: effect.userIds })
    if (effect.kind === 'ended')
      await tx.emit(approvalEnded, { ...about, userIds: [instance._openid], outcome: effect.outcome })
  }
}

/** The sub-flow's latest version, for good. One that cannot begin counts as rejected: its outer flow must not wait for ever. */
async function startInner(
  tx: Tx,
  flow: Flow,
  outer: Instance,
  tokenId: number,
  nodeId: string,
): Promise<void> {
  const node = flow.get(nodeId)
  if (node.kind !== 'subflow') return
  const parent = { instanceId: outer._id, tokenId }
  const action = await beginInner(tx.context, outer, parent, node.definitionKey, node.fields)
  if (action) await drive(tx, undefined, { action, by: outer._openid })
  else await tellOuter(tx, parent, 'rejected')
}

async function beginInner(
  ctx: Context,
  outer: Instance,
  parent: NonNullable<Instance['parent']>,
  definitionKey: string,
  fields: Record<string, string>,
): Promise<ActionOf<'begin'> | undefined> {
  const definition = await ctx.db.find(definitions, definitionKey)
  if (!definition || definition.version === 0 || outer.depth >= DEPTH_MAX) return undefined
  const { version, title } = definition
  const { content } = await readFlow(ctx, definitionKey, version)
  const values = Object.entries(fields).flatMap(([inner, from]): [string, Form[string]][] => {
    const value = outer.form[from]
    return value === undefined ? [] : [[inner, value]]
  })
  const { form } = checkForm(content.fields, Object.fromEntries(values))
  if (!form) return undefined
  return {
    kind: 'begin',
    instanceId: innerId(parent),
    initiator: outer._openid,
    definitionKey,
    version,
    title: `${outer.title} · ${title}`,
    form,
    chosen: {},
    parent,
    depth: outer.depth + 1,
  }
}

async function cancelInner(tx: Tx, outer: Instance, tokenId: number): Promise<void> {
  const id = innerId({ instanceId: outer._id, tokenId })
  await driveIfRunning(tx, id, { action: { kind: 'terminate' }, by: 'flow', asOperator: true })
}

async function tellOuter(
  tx: Tx,
  { instanceId, tokenId }: NonNullable<Instance['parent']>,
  outcome: Outcome,
): Promise<void> {
  await driveIfRunning(tx, instanceId, { action: { kind: 'sub-ended', tokenId, outcome }, by: 'flow' })
}

/** The other flow has ended, or goes on without this one: that is what ended this one, or it no longer matters. */
async function driveIfRunning(tx: Tx, instanceId: string, deed: Deed): Promise<void> {
  const { action } = deed
  const other = await tx.find(instances, instanceId)
  if (other?.status !== 'running') return
  if (action.kind === 'sub-ended' && !other.tokens.some(({ id }) => id === action.tokenId)) return
  await drive(tx, other, deed)
}

function innerId({ instanceId, tokenId }: NonNullable<Instance['parent']>): string {
  return `${instanceId}-s${tokenId}`
}

/** For the page of an approval: who and where, without the machine's own marks. */
function shown(effect: Effect): Record<string, unknown> {
  if (effect.kind !== 'closed') return { ...effect }
  const { task, nodeId, outcome } = effect
  return { kind: 'closed', nodeId, outcome, taskId: task.id, userId: task.userId, auto: task.auto }
}
