/** One change while it is being worked out: a copy of the instance, and what follows. */
import type { Flow } from '../definition/graph.ts'
import { type Command, type Effect, keyOf, type Question } from './command.ts'
import type { Instance, Task, Token } from './state.ts'

export interface Run {
  readonly flow: Flow
  readonly command: Command
  /** A copy of its own: changed in place. */
  readonly instance: Instance
  readonly effects: Effect[]
}

/** Thrown out of a run that cannot go on without an answer; `advance` hands the question on and begins anew. */
export class Unanswered extends Error {
  constructor(readonly question: Question) {
    super(keyOf(question))
  }
}

export function answerTo({ command }: Run, question: Question): readonly string[] {
  const answer = command.answers[keyOf(question)]
  if (!answer) throw new Unanswered(question)
  return answer
}

export function takeId({ instance }: Run): number {
  instance.lastId += 1
  return instance.lastId
}

export function addPeople({ instance }: Run, userIds: readonly string[]): void {
  instance.people = [...new Set([...instance.people, ...userIds])]
}

export function newTask(
  run: Run,
  task: Pick<Task, 'seat' | 'place' | 'userId'> & Partial<Pick<Task, 'addedBy' | 'lender' | 'auto'>>,
): Task {
  addPeople(run, [task.userId])
  return {
    addedBy: null,
    lender: null,
    auto: null,
    ...task,
    id: takeId(run),
    decision: task.auto ? 'approved' : null,
    askedAtMs: run.command.atMs,
  }
}

/** Does the token still stand where it stood? What was done to another one may have ended it. */
export function findToken({ instance }: Run, tokenId: number): Token | undefined {
  return instance.tokens.find(({ id }) => id === tokenId)
}
