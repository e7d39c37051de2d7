import { refuse } from '../../_kernel/index.ts'
import type { Flow } from '../definition/graph.ts'
import { START } from '../definition/model.ts'
import { act } from './act.ts'
import type { ActionOf, Command, Effect, Question } from './command.ts'
import { enter } from './move.ts'
import { type Run, Unanswered } from './run.ts'
import type { Instance } from './state.ts'

export type Step =
  | { instance: Instance; effects: Effect[]; question?: undefined }
  /** Answer it in the command and begin anew. */
  | { question: Question }

/**
 * What an approval becomes by a command, and what follows from it; refuses what may not be. The same flow, instance and
 * command always give the same step: nothing is read, nothing is random, and `before` stays as it is.
 */
export function advance(flow: Flow, before: Instance | undefined, command: Command): Step {
  const { action } = command
  try {
    if (action.kind === 'begin') return finished(begin(flow, command, action))
    if (!before) return refuse('NOT_FOUND')
    const run: Run = { flow, command, instance: structuredClone(before), effects: [] }
    act(run, action)
    return finished(run)
  } catch (thrown) {
    if (thrown instanceof Unanswered) return { question: thrown.question }
    throw thrown
  }
}

function begin(flow: Flow, command: Command, action: ActionOf<'begin'>): Run {
  const { kind, instanceId, initiator, ...facts } = action
  const { atMs } = command
  const instance: Instance = {
    ...structuredClone(facts),
    _id: instanceId,
    _openid: initiator,
    status: 'running',
    revision: 0,
    createdAtMs: atMs,
    updatedAtMs: atMs,
    endedAtMs: null,
    dueAtMs: null,
    lastId: 0,
    tokens: [],
    gates: [],
    passed: [START],
    approvals: [],
    decided: false,
    people: [initiator],
    urged: { times: 0, lastAtMs: 0 },
  }
  const run: Run = { flow, command, instance, effects: [] }
  const start = flow.get(START)
  if (start.kind === 'start') enter(run, start.next, [])
  return run
}

function finished({ instance, effects, command }: Run): Step {
  instance.revision += 1
  instance.updatedAtMs = command.atMs
  const due = instance.tokens.flatMap(({ dueAtMs }) => (dueAtMs === null ? [] : [dueAtMs]))
  instance.dueAtMs = due.length > 0 ? Math.min(...due) : null
  return { instance, effects }
}
