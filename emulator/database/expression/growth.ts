/**
 * `$map`, `$reduce` and `$filter` as mingo has them, bounded at each step: one in another multiplies what they make and
 * how long it takes, and nothing else runs meanwhile.
 */
import * as mingo from 'mingo/operators/expression'
import { requestFailed } from '../errors.ts'
import { evaluate, isPlainObject, type Operator } from './operands.ts'

/** A list of more would not fit into a document of 16 MB. */
const MAX_ITEMS = 1_000_000
/** Two or three seconds. MongoDB has no such bound, it can be interrupted. */
const MAX_STEPS = 3_000_000
/** What is only copied or looked at is that much faster than what is evaluated. */
const COPIES_PER_STEP = 16
const TEXT_CHARS_PER_ITEM = 16

let stepsLeft = MAX_STEPS

/** Before a stage, or a single expression. */
export function startCountingSteps(): void {
  stepsLeft = MAX_STEPS
}

/** Notes items that an expression has made; refuses when the stage has made too many. */
export function countSteps(name: string, steps: number): void {
  stepsLeft -= steps
  if (stepsLeft < 0) throw requestFailed(`${name} would take more than ${MAX_STEPS} steps in one stage`)
}

export function countCopies(name: string, copies: number): void {
  countSteps(name, copies / COPIES_PER_STEP)
}

export const growthOperators: Record<string, Operator> = {
  $map: stepwise('$map', 'in', (items, made) => items + made),
  // Each value takes the place of the one before.
  $reduce: stepwise('$reduce', 'in', (_, made) => made),
  $filter: stepwise('$filter', 'cond', () => 0),

  // Not for callers: mingo evaluates it in the place of the expression of each step.
  $step(object, step: unknown, options) {
    if (!(step instanceof Step)) throw requestFailed("Unrecognized expression '$step'")
    const value = evaluate(object, step.expression, options)
    step.take(value)
    return value
  },
}

class Step {
  constructor(
    readonly expression: unknown,
    readonly take: (value: unknown) => void,
  ) {}
}

/** @param count the items that are held after a step, from those before it and those that it made */
function stepwise(name: string, field: string, count: (items: number, made: number) => number): Operator {
  return (object, expression, options) => {
    const written: unknown = expression
    const run = (mingo as Record<string, unknown>)[name] as Operator // named above
    if (!isPlainObject(written) || !Object.hasOwn(written, field)) return run(object, expression, options)
    let items = 0
    const step = new Step(written[field], (value) => {
      countSteps(name, 1)
      items = count(items, itemsOf(value, name))
      if (items > MAX_ITEMS) throw requestFailed(`${name} would make more than ${MAX_ITEMS} items`)
    })
    return run(object, { ...written, [field]: { $step: step } } as never, options)
  }
}

/** Values in the value, as if nothing in it were shared; not many more than the bound are counted. */
function itemsOf(value: unknown, name: string): number {
  let items = 0
  const look = (inner: unknown): void => {
    items += typeof inner === 'string' ? 1 + Math.floor(inner.length / TEXT_CHARS_PER_ITEM) : 1
    if (items > MAX_ITEMS) return
    if (Array.isArray(inner)) for (const item of inner) look(item)
    else if (isPlainObject(inner)) for (const item of Object.values(inner)) look(item)
  }
  look(value)
  countCopies(name, items)
  return items
}
