/** What time does to an approval, and what the answers of webhooks do. */
import { refuse } from '../../_kernel/index.ts'
import type { ApproveNode, NodeOf } from '../definition/model.ts'
import type { ActionOf } from './command.ts'
import { finish, leave, settle, turnDown } from './move.ts'
import { findToken, type Run } from './run.ts'
import { escalate } from './signers.ts'
import type { Token } from './state.ts'
import { activeTasks } from './vote.ts'

export const WEBHOOK_TRIES = 5
/** Longer than a call may take: whoever took it up and has not reported by then died. */
const CALL_LAPSES_MS = 120_000
const RETRY_AFTER_MS = [60_000, 300_000, 1_800_000, 7_200_000]

export function tick(run: Run): void {
  const { atMs } = run.command
  const due = run.instance.tokens.filter(({ dueAtMs }) => dueAtMs !== null && dueAtMs <= atMs)
  if (due.length === 0) refuse('APPROVAL_STATE', { reason: 'nothing is due' })
  for (const { id } of due) {
    const token = findToken(run, id)
    if (token) tickToken(run, token)
  }
}

function tickToken(run: Run, token: Token): void {
  const node = run.flow.get(token.nodeId)
  if (node.kind === 'delay') {
    leave(run, token, node.next)
    return
  }
  if (node.kind === 'webhook') {
    callNext(run, token, node)
    return
  }
  if (node.kind === 'approve' && node.timeout) {
    timeOut(run, token, node, node.timeout)
    return
  }
  token.dueAtMs = null
}

function timeOut(
  run: Run,
  token: Token,
  node: ApproveNode,
  { afterMs, then }: NonNullable<ApproveNode['timeout']>,
): void {
  token.dueAtMs = run.command.atMs + afterMs
  if (then === 'reject') {
    turnDown(run, token, node)
    return
  }
  if (then === 'approve') {
    for (const task of token.tasks.filter(({ decision }) => decision === null)) {
      const isVote = task.place !== 'lent'
      if (isVote)
        Object.assign(task, { decision: 'approved', auto: 'timeout' } satisfies Partial<typeof task>)
      run.effects.push({ kind: 'closed', task, nodeId: node.id, outcome: isVote ? 'approved' : 'void' })
    }
    token.tasks = token.tasks.filter(({ place }) => place !== 'lent')
    settle(run, token, node)
    return
  }
  if (then === 'escalate' && escalate(run, token, node)) return
  const userIds = activeTasks(token.tasks, node.voting).map(({ userId }) => userId)
  run.effects.push({ kind: 'urged', userIds })
}

function callNext(run: Run, token: Token, node: NodeOf<'webhook'>): void {
  // The last call was taken up and never reported.
  if (token.tries >= WEBHOOK_TRIES) {
    giveUp(run, token, node)
    return
  }
  token.tries += 1
  token.dueAtMs = run.command.atMs + CALL_LAPSES_MS
  run.effects.push({ kind: 'call', tokenId: token.id, nodeId: node.id, tries: token.tries })
}

export function called(run: Run, { tokenId, tries, ok }: ActionOf<'called'>): void {
  const token = findToken(run, tokenId)
  const node = token && run.flow.get(token.nodeId)
  if (node?.kind !== 'webhook' || token?.tries !== tries)
    refuse('APPROVAL_STATE', { reason: 'not waited for' })
  if (ok) {
    leave(run, token, node.next)
    return
  }
  if (tries >= WEBHOOK_TRIES) {
    giveUp(run, token, node)
    return
  }
  token.dueAtMs = run.command.atMs + (RETRY_AFTER_MS[tries - 1] ?? 0)
}

function giveUp(run: Run, token: Token, node: NodeOf<'webhook'>): void {
  if (node.failed === 'continue') {
    leave(run, token, node.next)
    return
  }
  finish(run, 'rejected')
}

export function subEnded(run: Run, { tokenId, outcome }: ActionOf<'sub-ended'>): void {
  const token = findToken(run, tokenId)
  const node = token && run.flow.get(token.nodeId)
  if (!token || node?.kind !== 'subflow') refuse('APPROVAL_STATE', { reason: 'not waited for' })
  if (outcome === 'approved' || node.rejected === 'continue') {
    leave(run, token, node.next)
    return
  }
  // Over by itself: there is nothing left to cancel.
  run.instance.tokens = run.instance.tokens.filter((other) => other !== token)
  finish(run, 'rejected')
}
