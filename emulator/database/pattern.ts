/** Patterns of queries and expressions; what takes too long is refused as MongoDB refuses it. */
import { boundedTest, MatchTimeExceeded, withinMatchTime as matchWithin } from '../core/match-time.ts'
import { requestFailed } from './errors.ts'

/** As much as a regular expression is needed for here. */
export interface Pattern {
  test(text: string): boolean
}

export function boundedPattern(expression: RegExp): Pattern {
  const test = boundedTest(expression)
  return { test: (text) => refusing(() => test(text)) }
}

/** Runs `match`, which must not change anything, and refuses when it takes too long. */
export function withinMatchTime<T>(match: () => T): T {
  return refusing(() => matchWithin(match))
}

function refusing<T>(match: () => T): T {
  try {
    return match()
  } catch (error) {
    if (error instanceof MatchTimeExceeded)
      throw requestFailed('Regular expression takes too long: match limit exceeded')
    throw error
  }
}
