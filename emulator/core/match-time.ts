/** Patterns that come from callers or meet their texts: some take longer than the universe, and would stop the cloud. */
import { createContext, Script } from 'node:vm'

/** The match was given up. */
export class MatchTimeExceeded extends Error {
  override name = 'MatchTimeExceeded'
}

/** PCRE counts its steps and gives up ("match limit"); we give up by time. */
const MAX_MATCH_MS = 300
/** Two unbounded repetitions take time by the square of the text: harmless below. */
const LONG_TEXT_CHARS = 10_000

/** Whether the text matches. Throws MatchTimeExceeded. */
export function boundedTest(expression: RegExp): (text: string) => boolean {
  const isRisky = mayExplode(expression.source)
  return (text) =>
    isRisky || text.length > LONG_TEXT_CHARS
      ? withinMatchTime(() => expression.test(text))
      : expression.test(text)
}

/** Runs `match`, which must not change anything. Costs 50 µs; throws MatchTimeExceeded. */
export function withinMatchTime<T>(match: () => T): T {
  sandbox.match = match
  try {
    return script.runInContext(sandbox, { timeout: MAX_MATCH_MS })
  } catch (error) {
    // An error of that other context is no Error of ours.
    if (Reflect.get(Object(error), 'code') === 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw new MatchTimeExceeded()
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
