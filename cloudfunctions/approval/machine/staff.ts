/** Who is asked at a node, after its policies for nobody, for oneself and for who approved before. */
import type { ApproveNode } from '../definition/model.ts'
import { answerTo, type Run } from './run.ts'
import type { Task } from './state.ts'

type Seat = Pick<Task, 'userId' | 'auto'>

/** The seats of a node, or what the node comes to when nobody can be asked. */
export function staff(run: Run, node: ApproveNode): Seat[] | 'pass' | 'reject' {
  const { instance } = run
  const found = answerTo(run, { ask: 'candidates', nodeId: node.id })
  const initiator = instance._openid
  const others = found.filter((userId) => userId !== initiator)
  const isSelf = others.length < found.length
  const seats: Seat[] = (isSelf && node.self === 'ask' ? found : others).map((userId) => ({
    userId,
    auto: null,
  }))
  if (isSelf && node.self === 'pass') seats.push({ userId: initiator, auto: 'self' })
  if (isSelf && (node.self === 'manager' || node.self === 'admin')) {
    const managers = node.self === 'manager' ? answerTo(run, { ask: 'managers', userId: initiator }) : []
    const taken = new Set([...others, initiator])
    const instead = firstFree(managers, taken) ?? firstFree(answerTo(run, { ask: 'admins' }), taken)
    if (instead !== undefined) seats.push({ userId: instead, auto: null })
  }
  if (seats.length === 0) return staffEmpty(run, node)
  return seats.map((seat) => (approvedBefore(run, node, seat.userId) ? { ...seat, auto: 'repeated' } : seat))
}

function staffEmpty(run: Run, { empty, self }: ApproveNode): Seat[] | 'pass' | 'reject' {
  if (empty.then === 'pass' || empty.then === 'reject') return empty.then
  const assigned = empty.then === 'assign' ? answerTo(run, { ask: 'active', userIds: empty.userIds }) : []
  const admins = assigned.length > 0 ? [] : answerTo(run, { ask: 'admins' })
  const mayAsk = (userId: string) => self === 'ask' || userId !== run.instance._openid
  const seats = [...assigned, ...admins.slice(0, 1)].filter(mayAsk).map((userId) => ({ userId, auto: null }))
  // Not even an administrator: an approval that nobody can give is not given.
  return seats.length > 0 ? seats : 'reject'
}

function approvedBefore({ instance, flow }: Run, node: ApproveNode, userId: string): boolean {
  if (node.repeated === 'ask') return false
  const nodes = node.repeated === 'adjacent' ? flow.approversBefore(node.id) : undefined
  return instance.approvals.some((past) => past.userId === userId && (nodes?.has(past.nodeId) ?? true))
}

export function firstFree(userIds: readonly string[], taken: ReadonlySet<string>): string | undefined {
  return userIds.find((userId) => !taken.has(userId))
}
