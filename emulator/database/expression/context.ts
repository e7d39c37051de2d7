/** Mingo's operators with our corrections, for every expression, condition and stage that mingo computes. */
import { Context, ProcessingMode } from 'mingo/core'
import * as accumulators from 'mingo/operators/accumulator'
import * as expressions from 'mingo/operators/expression'
import * as pipeline from 'mingo/operators/pipeline'
import * as projection from 'mingo/operators/projection'
import * as query from 'mingo/operators/query'
import { WireError } from '../../core/errors.ts'
import { requestFailed } from '../errors.ts'
import type { Plain } from '../plain.ts'
import { accumulatorCorrections, expressionCorrections } from './corrections.ts'
import { startCountingSteps } from './growth.ts'

/** What `$$name` stands for. */
export type Variables = Record<string, Plain>

const context = Context.init({
  accumulator: { ...accumulators, ...accumulatorCorrections },
  expression: { ...expressions, ...expressionCorrections },
  pipeline,
  projection,
  query,
  // The operators are mingo's own, or take the same arguments.
} as Parameters<typeof Context.init>[0])

/** For mingo's `Query` and `Aggregator` as its inner modules export them: those of its front door prefer their own. */
export function mingoOptions(variables: Variables = {}) {
  return { context, variables, processingMode: ProcessingMode.CLONE_INPUT }
}

/** Runs mingo; its complaints about an expression are the caller's fault, not ours. */
export function refusing<T>(run: () => T): T {
  startCountingSteps()
  try {
    return run()
  } catch (error) {
    if (error instanceof WireError) throw error
    throw requestFailed(inMongoWords(error instanceof Error ? error.message : String(error)))
  }
}

function inMongoWords(message: string): string {
  return message.replace(/^accumulator '(.*)' is not registered\.$/, "Unrecognized expression '$1'")
}
