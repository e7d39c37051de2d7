/** How an approval moves: into nodes, out of them, through branches, back, and to its end. */
import { holds } from '../definition/condition.ts'
import { type ApproveNode, type NodeOf, START } from '../definition/model.ts'
import type { Outcome } from '../outcome.ts'
import type { TaskOutcome } from './command.ts'
import { addPeople, answerTo, newTask, type Run, takeId } from './run.ts'
import { staff } from './staff.ts'
import type { Token } from './state.ts'
import { approversIn, verdictOf } from './vote.ts'

/** Goes into a node, and on through all that wait for nobody. */
export function enter(run: Run, nodeId: string, gates: readonly number[]): void {
  const node = run.flow.get(nodeId)
  switch (node.kind) {
    case 'start':
      addToken(run, nodeId, gates).tasks = [
        newTask(run, { seat: 0, place: 'own', userId: run.instance._openid }),
      ]
      return
    case 'approve':
      enterApprove(run, node, gates)
      return
    case 'cc':
      copyTo(run, node.id, answerTo(run, { ask: 'candidates', nodeId }))
      enter(run, node.next, gates)
      return
    case 'condition': {
      const branch = node.branches.find(({ when }) => holds(when, run.instance.form))
      const next = branch?.next ?? node.otherwise
      if (next === undefined) throw new Error(`condition ${nodeId} was published without a default`)
      enter(run, next, gates)
      return
    }
    case 'parallel':
      fork(run, node, gates)
      return
    case 'join':
      arrive(run, node, gates)
      return
    case 'delay':
      addToken(run, nodeId, gates).dueAtMs = run.command.atMs + node.forMs
      return
    case 'webhook':
      addToken(run, nodeId, gates).dueAtMs = run.command.atMs
      return
    case 'subflow': {
      const { id } = addToken(run, nodeId, gates)
      run.effects.push({ kind: 'sub-start', tokenId: id, nodeId })
      return
    }
    case 'end':
      finish(run, 'approved')
      return
  }
}

function addToken(run: Run, nodeId: string, gates: readonly number[]): Token {
  const token: Token = {
    id: takeId(run),
    nodeId,
    gates: [...gates],
    arrivedAtMs: run.command.atMs,
    dueAtMs: null,
    tries: 0,
    tasks: [],
  }
  run.instance.tokens.push(token)
  run.effects.push({ kind: 'entered', nodeId })
  return token
}

function enterApprove(run: Run, node: ApproveNode, gates: readonly number[]): void {
  const seats = staff(run, node)
  run.instance.passed.push(node.id)
  const token = addToken(run, node.id, gates)
  if (seats === 'pass') {
    leave(run, token, node.next)
    return
  }
  if (seats === 'reject') {
    turnDown(run, token, node)
    return
  }
  token.tasks = seats.map((seat, i) => newTask(run, { ...seat, seat: i, place: 'own' }))
  for (const task of token.tasks.filter(({ auto }) => auto))
    run.effects.push({ kind: 'closed', task, nodeId: node.id, outcome: 'approved' })
  if (node.timeout) token.dueAtMs = run.command.atMs + node.timeout.afterMs
  settle(run, token, node)
}

export function copyTo(run: Run, nodeId: string, userIds: readonly string[]): void {
  addPeople(run, userIds)
  for (const userId of new Set(userIds))
    run.effects.push({ kind: 'copied', copyId: takeId(run), userId, nodeId })
}

function fork(run: Run, node: NodeOf<'parallel'>, gates: readonly number[]): void {
  const { instance } = run
  const gate = { id: takeId(run), nodeId: node.id, gates: [...gates], open: node.branches.length }
  instance.gates.push(gate)
  for (const branch of node.branches) {
    // A branch that was turned down at once ended the others, or all.
    if (!instance.gates.includes(gate)) return
    enter(run, branch, [...gates, gate.id])
  }
}

function arrive(run: Run, node: NodeOf<'join'>, gates: readonly number[]): void {
  const { instance } = run
  const gate = instance.gates.find(({ id }) => id === gates.at(-1))
  if (!gate) throw new Error(`join ${node.id} was reached from outside of its branches`)
  gate.open -= 1
  if (gate.open > 0) return
  instance.gates = instance.gates.filter((other) => other !== gate)
  enter(run, node.next, gate.gates)
}

/** Goes on if the votes decide it; otherwise waits for more. */
export function settle(run: Run, token: Token, node: ApproveNode): void {
  const verdict = verdictOf(token.tasks, node.voting)
  if (verdict === 'rejected') {
    turnDown(run, token, node)
    return
  }
  if (verdict === 'open') return
  for (const userId of approversIn(token.tasks)) run.instance.approvals.push({ nodeId: node.id, userId })
  leave(run, token, node.next)
}

export function leave(run: Run, token: Token, next: string): void {
  close(run, token)
  enter(run, next, token.gates)
}

export function turnDown(run: Run, token: Token, node: ApproveNode): void {
  if (node.rejected === 'initiator') {
    goBack(run, token, START)
    return
  }
  finish(run, 'rejected')
}

/** Takes a token away; tasks that nobody decided are over. */
function close(run: Run, token: Token, outcome: TaskOutcome = 'void'): void {
  const { instance } = run
  instance.tokens = instance.tokens.filter((other) => other !== token)
  for (const task of token.tasks)
    if (task.decision === null) run.effects.push({ kind: 'closed', task, nodeId: token.nodeId, outcome })
}

/** Takes a token away that does not go on by itself: a sub-flow that it waits for has lost its reason. */
function cancel(run: Run, token: Token): void {
  if (run.flow.get(token.nodeId).kind === 'subflow')
    run.effects.push({ kind: 'sub-cancel', tokenId: token.id })
  close(run, token)
}

export function finish(run: Run, outcome: Outcome): void {
  const { instance, command } = run
  for (const token of instance.tokens) cancel(run, token)
  instance.gates = []
  instance.status = outcome
  instance.endedAtMs = command.atMs
  run.effects.push({ kind: 'ended', outcome })
}

/** The nodes that somebody at this token may return it to, latest last. */
export function returnTargets({ flow, instance }: Pick<Run, 'flow' | 'instance'>, token: Token): string[] {
  return instance.passed.filter((nodeId) => flow.after(nodeId).has(token.nodeId))
}

/**
 * Back to a node that was passed; everything after it is asked again. Out of a parallel branch, the other branches end
 * with this one. Into a parallel that was left behind, all of its branches begin again: one of them alone would never
 * meet the others at the join.
 */
export function goBack(run: Run, token: Token, target: string): void {
  const { flow, instance } = run
  const from = flow.region(token.nodeId)
  const to = flow.region(target)
  const differsAt = to.findIndex((place, i) => {
    return place.parallel !== from[i]?.parallel || place.branch !== from[i]?.branch
  })
  const depth = differsAt === -1 ? to.length : differsAt
  const landing = to[depth]?.parallel ?? target
  const gates = token.gates.slice(0, depth)
  const left = token.gates[depth]

  for (const other of instance.tokens)
    if (other === token || (left !== undefined && other.gates.includes(left))) cancel(run, other)
  instance.gates = instance.gates.filter(
    ({ id, gates: outer }) => left === undefined || (id !== left && !outer.includes(left)),
  )

  const undone = (nodeId: string) => nodeId === landing || flow.after(landing).has(nodeId)
  instance.passed = instance.passed.filter((nodeId) => !undone(nodeId) || nodeId === START)
  instance.approvals = instance.approvals.filter(({ nodeId }) => !undone(nodeId))
  if (landing === START) instance.decided = false
  enter(run, landing, gates)
}
