/** What is true of every approval at every moment, looked at from outside: counted from history, not taken from the machine. */
import { expect } from 'vitest'
import type { Flow } from '../definition/graph.ts'
import { advance } from './advance.ts'
import type { Instance, Token } from './state.ts'
import type { World } from './world.fixture.ts'

export function expectSound(world: World): void {
  const { instance, flow, history } = world
  expect(instance.revision).toBe(history.length)
  expectOneState(instance, flow)
  if (instance.status === 'running') for (const token of instance.tokens) expectAlive(world, token)
  expectNoVoteLostOrDoubled(world)
}

/** Runs, or has ended: never both. In each branch that runs is exactly one token, or a parallel of its own. */
function expectOneState(instance: Instance, flow: Flow): void {
  if (instance.status !== 'running') {
    expect([instance.tokens, instance.gates, instance.dueAtMs]).toEqual([[], [], null])
    expect(instance.endedAtMs).not.toBeNull()
    return
  }
  const { tokens, gates } = instance
  expect(tokens.length).toBeGreaterThan(0)
  expect(new Set(instance.passed).size).toBe(instance.passed.length)
  const placeOf = (token: Token) =>
    flow.region(token.nodeId).map(({ parallel, branch }, depth) => {
      const gate = gates.find(({ id }) => id === token.gates[depth])
      expect(gate?.nodeId).toBe(parallel)
      return `${gate?.id}:${branch}`
    })
  const places = tokens.map((token) => {
    const place = placeOf(token)
    expect(place).toHaveLength(token.gates.length)
    return place.join('/')
  })
  for (const [i, place] of places.entries()) {
    const inside = places.filter(
      (other, j) => i !== j && `${other}/`.startsWith(place === '' ? '' : `${place}/`),
    )
    expect(inside).toEqual([])
  }
  for (const gate of gates) {
    const branches = tokens.flatMap((token) => {
      const depth = token.gates.indexOf(gate.id)
      return depth === -1 ? [] : [flow.region(token.nodeId)[depth]?.branch]
    })
    expect(new Set(branches).size).toBe(gate.open)
  }
}

/** Something can happen to every token: somebody is asked, or time or another flow will move it. */
function expectAlive({ flow, instance }: World, token: Token): void {
  const node = flow.get(token.nodeId)
  if (node.kind === 'delay' || node.kind === 'webhook') expect(token.dueAtMs).not.toBeNull()
  if (token.dueAtMs !== null) expect(instance.dueAtMs).toBeLessThanOrEqual(token.dueAtMs)
  if (node.kind !== 'approve') return
  expect(token.tasks.some(({ decision }) => decision === null)).toBe(true)
  const users = token.tasks.map(({ userId }) => userId)
  expect(new Set(users).size).toBe(users.length)
  for (const { lender, place } of token.tasks)
    expect(place === 'lent').toBe(token.tasks.some(({ id, decision }) => id === lender && decision === null))
  expect(tally(token, node.voting)).toBe('open')
}

/** The rule of each mode once more, in the plainest words: what a seat says, and what the seats say together. */
function tally(token: Token, voting: { mode: string; percent?: number }): string {
  const voters = token.tasks.filter(({ place }) => place !== 'lent')
  const seats = [...new Set(voters.map(({ seat }) => seat))].map((seat) => {
    const decisions = voters.filter((task) => task.seat === seat).map(({ decision }) => decision)
    if (decisions.includes('rejected')) return 'no'
    return decisions.includes(null) ? 'open' : 'yes'
  })
  const yes = seats.filter((seat) => seat === 'yes').length
  const no = seats.filter((seat) => seat === 'no').length
  if (voting.mode === 'any') return yes + no > 0 ? 'decided' : 'open'
  if (voting.mode !== 'ratio') return no > 0 || yes === seats.length ? 'decided' : 'open'
  const needed = Math.ceil(((voting.percent ?? 0) * seats.length) / 100)
  return yes >= needed || seats.length - no < needed ? 'decided' : 'open'
}

/** Each accepted decision is one vote of one task, which keeps it for as long as it counts; and there is no other vote. */
function expectNoVoteLostOrDoubled({ history, effects, instance }: World): void {
  const given = history.flatMap(({ action, by }) =>
    action.kind === 'approve' || action.kind === 'reject'
      ? [`${action.taskId} ${by} ${action.kind === 'approve' ? 'approved' : 'rejected'}`]
      : [],
  )
  expect(new Set(given.map((vote) => vote.split(' ')[0])).size).toBe(given.length)
  const counted = effects.flatMap((effect) =>
    effect.kind === 'closed' && effect.task.decision !== null && effect.task.auto === null
      ? [`${effect.task.id} ${effect.task.userId} ${effect.outcome}`]
      : [],
  )
  expect(counted).toEqual(given)
  const closed = effects.flatMap((effect) => (effect.kind === 'closed' ? [effect.task.id] : []))
  expect(new Set(closed).size).toBe(closed.length)
  for (const { tasks } of instance.tokens) {
    for (const { id, decision, auto, userId } of tasks) {
      expect(closed.includes(id)).toBe(decision !== null)
      if (decision !== null && auto === null) expect(given).toContain(`${id} ${userId} ${decision}`)
    }
  }
}

/** History alone leads to the stored state. */
export function expectReplays({ flow, history, instance }: World): void {
  const replayed = history.reduce<Instance | undefined>((before, command) => {
    const step = advance(flow, before, command)
    if (step.question) throw new Error(`history has no answer to ${JSON.stringify(step.question)}`)
    return step.instance
  }, undefined)
  expect(replayed).toEqual(instance)
}
