/** Approvals at random: definitions, people and their actions, several at the same moment, and what must be true throughout. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AppError } from '../../_kernel/index.ts'
import { PEOPLE, randomContent } from '../definition/blocks.fixture.ts'
import { findProblems } from '../definition/check.ts'
import { flowOf } from '../definition/graph.ts'
import { START } from '../definition/model.ts'
import { URGE_EVERY_MS } from './act.ts'
import type { Action } from './command.ts'
import { type Choice, choice, type Deed, deedOf, from, type Pick, pick } from './deeds.fixture.ts'
import { expectReplays, expectSound } from './invariants.fixture.ts'
import type { Instance, Task } from './state.ts'
import { activeTasks } from './vote.ts'
import { ADMIN, managersOf, openWorld, tryAct, type World, workOut, write } from './world.fixture.ts'

const RUNS = 5_000
const HOUR_MS = 3_600_000

interface Model {
  accepted: number
  refused: number
}

/** One person does something to what they see. */
class Act implements fc.Command<Model, World> {
  constructor(private readonly choice: Choice) {}
  check = () => true
  run(model: Model, world: World): void {
    const deed = deedOf(world.instance, ...this.choice)
    if (!deed) return
    attempt(model, world, deed)
  }
  toString = () => `act(${this.choice})`
}

/** Two people read the same state and write one after the other; who was slower reads again. */
class AtOnce implements fc.Command<Model, World> {
  constructor(
    private readonly first: Choice,
    private readonly second: Choice,
  ) {}
  check = () => true
  run(model: Model, world: World): void {
    const seen = world.instance
    const deeds = [this.first, this.second].flatMap((choice) => deedOf(seen, ...choice) ?? [])
    const attempts = deeds.map((deed) => ({ deed, attempt: tryWorkOut(world, seen, deed) }))
    for (const { deed, attempt: made } of attempts) {
      if (!made || write(world, made)) expectSound(world)
      else attempt(model, world, deed)
    }
  }
  toString = () => `atOnce(${this.first}; ${this.second})`
}

/** The same request twice. */
class Twice implements fc.Command<Model, World> {
  constructor(private readonly choice: Choice) {}
  check = () => true
  run(model: Model, world: World): void {
    const deed = deedOf(world.instance, ...this.choice)
    if (!deed) return
    attempt(model, world, deed)
    attempt(model, world, deed)
  }
  toString = () => `twice(${this.choice})`
}

class Wait implements fc.Command<Model, World> {
  constructor(private readonly hours: number) {}
  check = () => true
  run(model: Model, world: World): void {
    world.nowMs += this.hours * HOUR_MS
    attempt(model, world, { action: { kind: 'tick' }, by: 'timer' })
  }
  toString = () => `wait(${this.hours} h)`
}

class Leave implements fc.Command<Model, World> {
  constructor(private readonly who: Pick) {}
  check = () => true
  run(model: Model, world: World): void {
    const userId = from(PEOPLE, this.who) ?? ''
    world.left.add(userId)
    attempt(model, world, { action: { kind: 'leave', userId, managers: managersOf(userId) }, by: 'timer' })
    const asked = world.instance.tokens.flatMap(({ tasks }) => tasks)
    expect(asked.filter((task) => task.userId === userId && task.decision === null)).toEqual([])
  }
  toString = () => `leave(${from(PEOPLE, this.who)})`
}

function attempt(model: Model, world: World, { action, by, asOperator }: Deed): void {
  const before = world.instance
  const refusal = tryAct(world, action, by, asOperator)
  if (refusal === undefined) model.accepted += 1
  else {
    model.refused += 1
    expect(world.instance).toBe(before)
  }
  expectSound(world)
}

function tryWorkOut(world: World, seen: Instance, { action, by, asOperator }: Deed) {
  try {
    return workOut(world, seen, action, by, asOperator)
  } catch (error) {
    if (error instanceof AppError) return undefined
    throw error
  }
}

const commands = fc.commands(
  [
    choice.map((chosen) => new Act(chosen)),
    choice.map((chosen) => new Act(chosen)),
    choice.map((chosen) => new Twice(chosen)),
    fc.tuple(choice, choice).map(([first, second]) => new AtOnce(first, second)),
    fc.integer({ min: 1, max: 3 }).map((hours) => new Wait(hours)),
    pick.map((who) => new Leave(who)),
  ],
  { maxCommands: 30 },
)
const beginning = fc.record({ amount: fc.nat({ max: 3 }), chosen: fc.subarray(PEOPLE, { maxLength: 3 }) })

describe('an approval under random actions', () => {
  it(`of several people is sound at every moment, replays from its history and can always end (${RUNS} sequences)`, () => {
    const ends = new Set<string>()
    const model: Model = { accepted: 0, refused: 0 }
    fc.assert(
      fc.property(randomContent, beginning, commands, (content, start, actions) => {
        expect(findProblems(content)).toEqual([])
        const world = openWorld(flowOf(content), start)
        expectSound(world)
        fc.modelRun(() => ({ model, real: world }), actions)
        expectReplays(world)
        ends.add(world.instance.status)
        if (world.instance.status === 'running') for (const end of endsFrom(world)) ends.add(end)
      }),
      { numRuns: RUNS, seed: 20260105 },
    )
    expect([...ends].sort()).toEqual(['approved', 'rejected', 'running', 'terminated', 'withdrawn'])
    expect(model.accepted).toBeGreaterThan(RUNS)
    expect(model.refused).toBeGreaterThan(RUNS)
  }, 120_000)
})

/** From where it stands: operators can end it, the initiator can where the flow lets them, and people can by doing their work. */
function endsFrom(world: World): string[] {
  const copy = (): World => ({
    ...world,
    history: [...world.history],
    effects: [...world.effects],
    left: new Set(world.left),
  })
  const terminated = copy()
  expect(tryAct(terminated, { kind: 'terminate' }, ADMIN, true)).toBeUndefined()
  expect(terminated.instance.status).toBe('terminated')

  const worked = copy()
  for (let steps = 0; worked.instance.status === 'running'; steps++) {
    expect(steps).toBeLessThan(400)
    const { action, by } = nextWork(worked, steps)
    expect([action, tryAct(worked, action, by)]).toEqual([action, undefined])
    expectSound(worked)
  }
  return [worked.instance.status]
}

/** What somebody whose turn it is would do next, to bring it to an end. */
function nextWork(world: World, steps: number): Deed {
  const { instance, flow } = world
  const start = instance.tokens.find(({ nodeId }) => nodeId === START)
  if (start) {
    const task = start.tasks[0] as Task // the token of the start has one task
    // A node that nobody can approve sends it back again and again: the initiator gives up.
    if (steps > 100) return { action: { kind: 'withdraw' }, by: instance._openid }
    const action: Action = { kind: 'resubmit', taskId: task.id, form: instance.form, chosen: instance.chosen }
    return { action, by: task.userId }
  }
  for (const token of instance.tokens) {
    const node = flow.get(token.nodeId)
    if (node.kind === 'approve') {
      const [task] = activeTasks(token.tasks, node.voting)
      expect(task).toBeDefined()
      const kind = task?.place === 'lent' ? 'give-back' : 'approve'
      return { action: { kind, taskId: task?.id ?? 0 }, by: task?.userId ?? '' }
    }
    if (node.kind === 'subflow')
      return { action: { kind: 'sub-ended', tokenId: token.id, outcome: 'approved' }, by: 'flow' }
  }
  world.nowMs = Math.max(world.nowMs, instance.dueAtMs ?? 0) + URGE_EVERY_MS
  return { action: { kind: 'tick' }, by: 'timer' }
}
