/** What each action does, and when it is refused. */
import { refuse } from '../../_kernel/index.ts'
import { START } from '../definition/model.ts'
import type { Action } from './command.ts'
import { copyTo, finish, goBack, leave, returnTargets, settle } from './move.ts'
import { answerTo, findToken, type Run } from './run.ts'
import { type Asked, addSigners, delegate, drop, removeSigner, replaceLeaver, transfer } from './signers.ts'
import type { Decision } from './state.ts'
import { called, subEnded, tick } from './time.ts'
import { activeTasks } from './vote.ts'

export const URGE_EVERY_MS = 3_600_000
export const URGES_MAX = 10

export type LaterAction = Exclude<Action, { kind: 'begin' }>

export function act(run: Run, action: LaterAction): void {
  const { instance, command } = run
  if (instance.status !== 'running') refuse('APPROVAL_STATE', { status: instance.status })
  switch (action.kind) {
    case 'approve':
      decide(run, action.taskId, 'approved')
      return
    case 'reject':
      decide(run, action.taskId, 'rejected')
      return
    case 'return':
      giveBackTo(run, action.taskId, action.toNode)
      return
    case 'resubmit':
      resubmit(run, action)
      return
    case 'withdraw':
      withdraw(run)
      return
    case 'transfer':
      transfer(run, getAsked(run, action.taskId), action.toUser)
      return
    case 'delegate':
      delegate(run, getAsked(run, action.taskId), action.toUser)
      return
    case 'give-back':
      giveBack(run, action.taskId)
      return
    case 'add-signers':
      addSigners(run, getAsked(run, action.taskId), action)
      return
    case 'remove-signer':
      removeSigner(run, findAsked(run, action.taskId, 'who-added'))
      return
    case 'cc':
      copy(run, action.userIds)
      return
    case 'urge':
      urge(run)
      return
    case 'comment':
      if (!instance.people.includes(command.by)) refuse('NOT_FOUND')
      return
    case 'terminate':
      if (!command.asOperator) refuse('FORBIDDEN')
      finish(run, 'terminated')
      return
    case 'leave':
      replaceLeaver(run, action)
      return
    case 'tick':
      tick(run)
      return
    case 'called':
      called(run, action)
      return
    case 'sub-ended':
      subEnded(run, action)
      return
  }
}

function decide(run: Run, taskId: number, decision: Decision): void {
  const { token, task, node } = getAsked(run, taskId)
  task.decision = decision
  run.instance.decided = true
  run.effects.push({ kind: 'closed', task, nodeId: node.id, outcome: decision })
  settle(run, token, node)
}

function giveBackTo(run: Run, taskId: number, toNode: string): void {
  const { token, task } = getAsked(run, taskId)
  if (!returnTargets(run, token).includes(toNode)) refuse('RETURN_TARGET', { toNode })
  run.instance.decided = true
  drop(run, token, task, 'returned')
  goBack(run, token, toNode)
}

function resubmit(run: Run, { taskId, form, chosen }: Extract<Action, { kind: 'resubmit' }>): void {
  const { instance, flow, command } = run
  const token = instance.tokens.find(({ tasks }) => tasks.some(({ id }) => id === taskId))
  const task = token?.tasks.find(({ id }) => id === taskId)
  const node = token && flow.get(token.nodeId)
  if (!token || !task || node?.kind !== 'start') refuse('TASK_STATE', { taskId })
  if (task.userId !== command.by) refuse('NOT_FOUND', { taskId })
  instance.form = form
  instance.chosen = chosen
  drop(run, token, task, 'resubmitted')
  leave(run, token, node.next)
}

function withdraw(run: Run): void {
  const { instance, flow, command } = run
  if (instance._openid !== command.by) refuse('NOT_FOUND')
  const { withdraw: allowed } = flow.content
  const isBack = instance.tokens.some(({ nodeId }) => nodeId === START)
  if (!isBack && (allowed === 'never' || (allowed === 'before-first-decision' && instance.decided)))
    refuse('APPROVAL_STATE', { reason: 'it may not be taken back any more' })
  finish(run, 'withdrawn')
}

/** By the one who helped, or by the one who asked for help and does not want to wait. */
function giveBack(run: Run, taskId: number): void {
  const { token, task } = findAsked(run, taskId, 'anybody')
  const lent = task.place === 'lent' ? task : token.tasks.find(({ lender }) => lender === task.id)
  const lender = token.tasks.find(({ id }) => id === lent?.lender)
  if (!lent || !lender) refuse('TASK_STATE', { taskId, reason: 'it is not lent' })
  if (run.command.by !== lent.userId && run.command.by !== lender.userId) refuse('NOT_FOUND', { taskId })
  drop(run, token, lent, 'given-back')
}

function copy(run: Run, userIds: readonly string[]): void {
  const { instance, command } = run
  const asked = instance.tokens.find((token) => askedIn(run, token.id).includes(command.by))
  if (!asked && instance._openid !== command.by) refuse('NOT_FOUND')
  const active = answerTo(run, { ask: 'active', userIds })
  const left = userIds.find((userId) => !active.includes(userId))
  if (left !== undefined) refuse('SIGNER_UNFIT', { userId: left, reason: 'left' })
  copyTo(run, asked?.nodeId ?? START, userIds)
}

function urge(run: Run): void {
  const { instance, command } = run
  if (instance._openid !== command.by) refuse('NOT_FOUND')
  const { times, lastAtMs } = instance.urged
  const againAtMs = lastAtMs + URGE_EVERY_MS
  if (times > 0 && command.atMs < againAtMs) refuse('URGED_RECENTLY', { againAtMs })
  if (times >= URGES_MAX) refuse('URGED_RECENTLY', { most: URGES_MAX })
  const userIds = instance.tokens.flatMap(({ id }) => askedIn(run, id))
  if (userIds.length === 0) refuse('APPROVAL_STATE', { reason: 'nobody is asked' })
  instance.urged = { times: times + 1, lastAtMs: command.atMs }
  run.effects.push({ kind: 'urged', userIds })
}

function askedIn(run: Run, tokenId: number): string[] {
  const token = findToken(run, tokenId)
  const node = token && run.flow.get(token.nodeId)
  if (!token || node?.kind !== 'approve') return []
  return activeTasks(token.tasks, node.voting).map(({ userId }) => userId)
}

/** The caller's own task, whose turn it is and which they hold themselves; an operator may reach for any open one. */
function getAsked(run: Run, taskId: number): Asked {
  const asked = findAsked(run, taskId)
  const { token, task, node } = asked
  const isOpen = task.decision === null && task.place !== 'lent'
  const isTurn = activeTasks(token.tasks, node.voting).includes(task)
  const reassigns = run.command.asOperator && run.command.action.kind === 'transfer'
  if (!isOpen || !(isTurn || reassigns))
    refuse('TASK_STATE', { taskId, reason: isOpen ? 'waits' : 'decided' })
  return asked
}

/** @param by who may reach for it besides whose task it is; `anybody` leaves that to the caller. */
function findAsked(run: Run, taskId: number, by?: 'who-added' | 'anybody'): Asked {
  const { instance, flow, command } = run
  for (const token of instance.tokens) {
    const task = token.tasks.find(({ id }) => id === taskId)
    const node = flow.get(token.nodeId)
    if (!task || node.kind !== 'approve') continue
    const isTheirs = task.userId === command.by || (by === 'who-added' && task.addedBy === command.by)
    if (by !== 'anybody' && !isTheirs && !command.asOperator) refuse('NOT_FOUND', { taskId })
    return { token, task, node }
  }
  // Decided by others, or taken away: the caller's list is older than what happened.
  refuse('TASK_STATE', { taskId, reason: 'over' })
}
