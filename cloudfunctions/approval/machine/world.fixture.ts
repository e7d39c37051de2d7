/** An organisation and a store in memory, around the pure machine: what the database and the routes are in earnest. */
import { AppError } from '../../_kernel/index.ts'
import { INITIATOR, PEOPLE } from '../definition/blocks.fixture.ts'
import type { Flow } from '../definition/graph.ts'
import { advance } from './advance.ts'
import { type Action, type Command, type Effect, keyOf, type Question } from './command.ts'
import type { Instance } from './state.ts'

export const ADMIN = 'admin'

export interface World {
  readonly flow: Flow
  /** The one stored instance. */
  instance: Instance
  readonly history: Command[]
  readonly effects: Effect[]
  readonly left: Set<string>
  nowMs: number
}

export function openWorld(flow: Flow, { amount, chosen }: { amount: number; chosen: string[] }): World {
  const asks = flow.content.nodes.filter(({ kind }) => kind === 'approve' || kind === 'cc')
  const begin: Action = {
    kind: 'begin',
    instanceId: 'apv_1',
    initiator: INITIATOR,
    definitionKey: 'random',
    version: 1,
    title: 'Random',
    form: { amount },
    chosen: Object.fromEntries(asks.map(({ id }) => [id, chosen])),
    parent: null,
    depth: 0,
  }
  const outside = { flow, history: [], effects: [], left: new Set<string>(), nowMs: 1_000_000 }
  const { command, instance, effects } = workOut(outside, undefined, begin, INITIATOR)
  return { ...outside, instance, history: [command], effects: [...effects] }
}

/** The two who come next; the last ones have fewer. */
export function managersOf(userId: string): string[] {
  const at = PEOPLE.indexOf(userId)
  return at === -1 ? [] : PEOPLE.slice(at + 1, at + 3)
}

export type Attempt = ReturnType<typeof workOut>

/** What somebody would write, having read `before`. */
export function workOut(
  world: Pick<World, 'flow' | 'left' | 'nowMs'>,
  before: Instance | undefined,
  action: Action,
  by: string,
  asOperator = false,
): { command: Command; instance: Instance; effects: Effect[] } {
  const command: Command = { action, by, asOperator, atMs: world.nowMs, comment: '', answers: {} }
  for (;;) {
    const step = advance(world.flow, before && deepFreeze(structuredClone(before)), command)
    if (!step.question) return { command, ...step }
    command.answers = {
      ...command.answers,
      [keyOf(step.question)]: answer(world, before, step.question, action),
    }
  }
}

/** The conditional write: false when somebody was faster. */
export function write(world: World, { command, instance, effects }: Attempt): boolean {
  if (world.instance.revision !== instance.revision - 1) return false
  world.instance = instance
  world.history.push(command)
  world.effects.push(...effects)
  return true
}

/** What a call does: reads, works out, writes; the refusal's name when it was refused. */
export function tryAct(world: World, action: Action, by: string, asOperator = false): string | undefined {
  try {
    write(world, workOut(world, world.instance, action, by, asOperator))
    return undefined
  } catch (error) {
    if (error instanceof AppError) return error.error
    throw error
  }
}

function answer(
  { flow, left }: Pick<World, 'flow' | 'left'>,
  instance: Instance | undefined,
  question: Question,
  action: Action,
): string[] {
  const works = (userId: string) => !left.has(userId)
  switch (question.ask) {
    case 'admins':
      return [ADMIN].filter(works)
    case 'active':
      return question.userIds.filter(works)
    case 'managers':
      return managersOf(question.userId).filter(works)
    case 'candidates': {
      const node = flow.get(question.nodeId)
      if (node.kind !== 'approve' && node.kind !== 'cc') return []
      const chosen = 'chosen' in action ? action.chosen : instance?.chosen
      const named = node.candidates.flatMap((candidate) => {
        if (candidate.by === 'users') return candidate.userIds
        return candidate.by === 'initiator' ? [INITIATOR] : (chosen?.[node.id] ?? [])
      })
      return [...new Set(named)].filter(works)
    }
  }
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const part of Object.values(value)) deepFreeze(part)
  }
  return value
}
