/** Patterns that come from callers: some take longer than the universe on a short text, and would stop the cloud. */
import { createContext, Script } from 'node:vm'
import { requestFailed } from './errors.ts'

/** As much as a regular expression is needed for here. */
export interface Pattern {
  test(text: string): boolean
}

/** PCRE counts its steps and gives up ("match limit"); we give up by time. */
const MAX_MATCH_MS = 300
/** Two unbounded repetitions take time by the square of the text: harmless below. */
const LONG_TEXT_CHARS = 10_000

export function boundedPattern(expression: RegExp): Pattern {
  const isRisky = mayExplode(expression.source)
  return {
    test: (text) =>
      isRisky || text.length > LONG_TEXT_CHARS
        ? withinMatchTime(() => expression.test(text))
        : expression.test(text),
  }
}

/** Runs `match`, which must not change anything, and refuses when it takes too long. Costs 50 µs. */
export function withinMatchTime<T>(match: () => T): T {
  sandbox.match = match
  try {
    return script.runInContext(sandbox, { timeout: MAX_MATCH_MS })
  } catch (error) {
    // An error of that other context is no Error of ours.
    if (Reflect.get(Object(error), 'code') === 'ERR_SCRIPT_EXECUTION_TIMEOUT')
      throw requestFailed('Regular expression takes too long: match limit exceeded')
    throw error
  } finally {
    sandbox.match = undefined
  }
}

/** Node can stop only what runs in a context of its own; the function in it is ours and sees our world as before. */
const sandbox: { match?: () => unknown } = createContext({ match: undefined })
const script = new Script('match()')

/** A repeated group, or three repetitions without end: steps may grow faster than by the square of the text. */
function mayExplode(source: string): boolean {
  const plain = source.replace(/\\.|\[(?:\\.|[^\]])*\]/gs, 'x')
  return /\)(?:[*+]|\{\d+,\}?)/.test(plain) || (plain.match(/[*+]|\{\d+,\}/g)?.length ?? 0) > 2
}
