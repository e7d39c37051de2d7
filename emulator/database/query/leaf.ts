/** The test of one value, which every query operator builds. */
import type { Document, MaybeValue, Value } from '../values.ts'

export interface LeafTest {
  /** Tests the value at the path; undefined when there is none. */
  matches: (value: MaybeValue) => boolean
  /** True when the test looks at an array as a whole and not at its elements. */
  wholeArrays?: boolean
  /** Set when the test is the opposite of all of these together, over the whole path. */
  negated?: LeafTest[]
  /** Set when all of these must hold, each for whichever value at the path it likes. */
  every?: LeafTest[]
}

/** What an operator with conditions inside it (`$elemMatch`, `$all`) needs from the compiler. */
export interface Compiler {
  query: (query: Document) => (document: Document) => boolean
  operators: (condition: Document) => LeafTest[]
}

export type OperatorBuilder = (operand: Value, compiler: Compiler) => LeafTest

/** One value against the tests of an operator document, without entering it if it is an array ($elemMatch). */
export function matchesValue(tests: LeafTest[], value: MaybeValue): boolean {
  return tests.every((test) => {
    if (test.negated) return !matchesValue(test.negated, value)
    return test.every ? matchesValue(test.every, value) : test.matches(value)
  })
}
