/**
 * What is true of every approval at every moment, looked at from outside: counted from history, not taken from the machine.
 * With `assert`, because it is asked some million times.
 */
import assert from 'node:assert/strict'
import type { Flow } from '../definition/graph.ts'
import { advance } from './advance.ts'
import type { Instance, Token } from './state.ts'
import type { World } from './world.fixture.ts'

export function expectSound(world: World): void {
  const { instance, flow, history } = world
  assert.equal(instance.revision, history.length)
  expectOneState(instance, flow)
  if (instance.status === 'running') for (const token of instance.tokens) expectAlive(world, token)
  expectNoVoteLostOrDoubled(world)
}

/** Runs, or has ended: never both. In each branch that runs is exactly one token, or a parallel of its own. */
function expectOneState(instance: Instance, flow: Flow): void {
  if (instance.status !== 'running') {
    assert.deepEqual([instance.tokens, instance.gates, instance.dueAtMs], [[], [], null])
    assert.notEqual(instance.endedAtMs, null)
    return
  }
  const { tokens, gates } = instance
  assert.ok(tokens.length > 0)
  assert.equal(new Set(instance.passed).size, instance.passed.length)
  const placeOf = (token: Token) =>
    flow.region(token.nodeId).map(({ parallel, branch }, depth) => {
      const gate = gates.find(({ id }) => id === token.gates[depth])
      assert.equal(gate?.nodeId, parallel)
      return `${gate?.id}:${branch}`
    })
  const places = tokens.map((token) => {
    const place = placeOf(token)
    assert.equal(place.length, token.gates.length)
    return place.join('/')
  })
  for (const [i, place] of places.entries()) {
    const inside = places.filter(
      (other, j) => i !== j && `${other}/`.startsWith(place === '' ? '' : `${place}/`),
    )
    assert.deepEqual(inside, [])
  }
  for (const gate of gates) {
    const branches = tokens.flatMap((token) => {
      const depth = token.gates.indexOf(gate.id)
      return depth === -1 ? [] : [flow.region(token.nodeId)[depth]?.branch]
    })
    assert.equal(new Set(branches).size, gate.open)
  }
}

/** Something can happen to every token: somebody is asked, or time or another flow will move it. */
function expectAlive({ flow, instance }: World, token: Token): void {
  const node = flow.get(token.nodeId)
  if (node.kind === 'delay' || node.kind === 'webhook') assert.notEqual(token.dueAtMs, null)
  if (token.dueAtMs !== null) assert.ok(instance.dueAtMs !== null && instance.dueAtMs <= token.dueAtMs)
  if (node.kind !== 'approve') return
  assert.equal(
    token.tasks.some(({ decision }) => decision === null),
    true,
  )
  const users = token.tasks.map(({ userId }) => userId)
  assert.equal(new Set(users).size, users.length)
  for (const { lender, place } of token.tasks)
    assert.equal(
      place === 'lent',
      token.tasks.some(({ id, decision }) => id === lender && decision === null),
    )
  assert.equal(tally(token, node.voting), 'open')
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
  assert.equal(new Set(given.map((vote) => vote.split(' ')[0])).size, given.length)
  const counted = effects.flatMap((effect) =>
    effect.kind === 'closed' && effect.task.decision !== null && effect.task.auto === null
      ? [`${effect.task.id} ${effect.task.userId} ${effect.outcome}`]
      : [],
  )
  assert.deepEqual(counted, given)
  const closed = effects.flatMap((effect) => (effect.kind === 'closed' ? [effect.task.id] : []))
  assert.equal(new Set(closed).size, closed.length)
  for (const { tasks } of instance.tokens) {
    for (const { id, decision, auto, userId } of tasks) {
      assert.equal(closed.includes(id), decision !== null)
      if (decision !== null && auto === null) assert.ok(given.includes(`${id} ${userId} ${decision}`))
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
  assert.deepEqual(replayed, instance)
}
