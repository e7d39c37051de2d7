/** Who is asked changes: tasks handed on, lent, given back; signers added and removed. */
import { refuse } from '../../_kernel/index.ts'
import type { ApproveNode } from '../definition/model.ts'
import type { ActionOf, TaskOutcome } from './command.ts'
import { finish, leave, settle, turnDown } from './move.ts'
import { answerTo, findToken, newTask, type Run } from './run.ts'
import { firstFree } from './staff.ts'
import type { Task, Token } from './state.ts'
import { activeTasks } from './vote.ts'

export interface Asked {
  token: Token
  task: Task
  node: ApproveNode
}

const MOST_TASKS = 100

export function transfer(run: Run, { token, task, node }: Asked, toUser: string): void {
  assertFit(run, token, node, [toUser])
  for (const lent of token.tasks.filter(({ lender }) => lender === task.id)) drop(run, token, lent, 'void')
  hand(run, token, task, toUser)
}

export function delegate(run: Run, { token, task, node }: Asked, toUser: string): void {
  assertFit(run, token, node, [toUser])
  const { seat, id: lender } = task
  token.tasks.push(newTask(run, { seat, place: 'lent', userId: toUser, lender }))
}

export function addSigners(run: Run, { token, task, node }: Asked, action: ActionOf<'add-signers'>): void {
  const { place, userIds } = action
  if (task.place !== 'own') refuse('TASK_STATE', { taskId: task.id, reason: 'added signers add no others' })
  assertFit(run, token, node, userIds)
  if (token.tasks.length + userIds.length > MOST_TASKS) refuse('SIGNER_UNFIT', { reason: 'too many' })
  const addedBy = run.command.by
  for (const userId of userIds) token.tasks.push(newTask(run, { seat: task.seat, place, userId, addedBy }))
}

export function removeSigner(run: Run, { token, task, node }: Asked): void {
  const { by, asOperator } = run.command
  if (task.addedBy === null || task.decision !== null || !(asOperator || task.addedBy === by))
    refuse('TASK_STATE', { taskId: task.id, reason: 'not an added signer of yours that is still asked' })
  for (const lent of token.tasks.filter(({ lender }) => lender === task.id)) drop(run, token, lent, 'void')
  drop(run, token, task, 'removed')
  settle(run, token, node)
}

/** Takes a task off the list of a token. */
export function drop(run: Run, token: Token, task: Task, outcome: TaskOutcome): void {
  token.tasks = token.tasks.filter(({ id }) => id !== task.id)
  run.effects.push({ kind: 'closed', task, nodeId: token.nodeId, outcome })
}

/** Somebody left. What they were asked goes to their manager, or to an administrator; a decision that they made stays. */
export function replaceLeaver(run: Run, { userId, managers }: ActionOf<'leave'>): void {
  const { instance, flow } = run
  const active = managers.length > 0 ? answerTo(run, { ask: 'active', userIds: managers }) : []
  const above = managers.filter((manager) => active.includes(manager))
  for (const { id } of [...instance.tokens]) {
    const token = findToken(run, id)
    const task = token?.tasks.find((candidate) => candidate.userId === userId && candidate.decision === null)
    if (!token || !task) continue
    const node = flow.get(token.nodeId)
    // The initiator, who was asked to send it in again.
    if (node.kind !== 'approve') finish(run, 'withdrawn')
    else if (task.place === 'lent') drop(run, token, task, 'given-back')
    else if (!handUp(run, { token, task, node }, above)) vacate(run, { token, task, node })
  }
}

/** After some time without an answer: those who are asked give way to their managers. Returns whether anybody did. */
export function escalate(run: Run, token: Token, node: ApproveNode): boolean {
  let moved = false
  for (const active of activeTasks(token.tasks, node.voting)) {
    const task = token.tasks.find(({ id }) => id === active.lender) ?? active
    const above = answerTo(run, { ask: 'managers', userId: task.userId })
    if (!handUp(run, { token, task, node }, above)) continue
    if (active !== task) drop(run, token, active, 'void')
    moved = true
  }
  return moved
}

/** False when there is nobody above who is not asked already. */
function handUp(run: Run, { token, task, node }: Asked, managers: readonly string[]): boolean {
  const taken = new Set(token.tasks.map(({ userId }) => userId))
  if (node.self !== 'ask') taken.add(run.instance._openid)
  const above = firstFree(managers, taken) ?? firstFree(answerTo(run, { ask: 'admins' }), taken)
  if (above === undefined) return false
  hand(run, token, task, above)
  return true
}

/** Puts a new task in the place of an old one; whoever helps with it goes on helping. */
function hand(run: Run, token: Token, task: Task, toUser: string): void {
  const { seat, place, addedBy } = task
  const instead = newTask(run, { seat, place, userId: toUser, addedBy })
  token.tasks = token.tasks.map((other) => {
    if (other === task) return instead
    return other.lender === task.id ? { ...other, lender: instead.id } : other
  })
  run.effects.push({ kind: 'closed', task, nodeId: token.nodeId, outcome: 'transferred' })
}

/** Nobody can take the place: the seat is empty, and the others decide; without others, the policy for nobody does. */
function vacate(run: Run, { token, task, node }: Asked): void {
  const gone = task.place === 'own' ? token.tasks.filter(({ seat }) => seat === task.seat) : [task]
  for (const other of gone) {
    if (other.decision === null) drop(run, token, other, 'void')
    else token.tasks = token.tasks.filter((kept) => kept !== other)
  }
  if (token.tasks.length > 0) settle(run, token, node)
  else if (node.empty.then === 'pass') leave(run, token, node.next)
  else turnDown(run, token, node)
}

/** Only who works here, is not asked at this node already, and whom the node's policy for oneself lets in. */
function assertFit(run: Run, token: Token, node: ApproveNode, userIds: readonly string[]): void {
  const active = new Set(answerTo(run, { ask: 'active', userIds }))
  const asked = new Set(token.tasks.map(({ userId }) => userId))
  for (const userId of userIds) {
    if (!active.has(userId)) refuse('SIGNER_UNFIT', { userId, reason: 'left' })
    if (asked.has(userId)) refuse('SIGNER_UNFIT', { userId, reason: 'asked already' })
    if (node.self !== 'ask' && userId === run.instance._openid)
      refuse('SIGNER_UNFIT', { userId, reason: 'initiator' })
  }
  if (new Set(userIds).size < userIds.length) refuse('SIGNER_UNFIT', { reason: 'named twice' })
}
