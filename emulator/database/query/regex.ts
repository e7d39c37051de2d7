/** $regex and regular expressions as values; PCRE's i, m, s, x options on JavaScript's engine. */
import { BSONRegExp } from 'bson'
import { requestFailed } from '../errors.ts'
import { boundedPattern, type Pattern } from '../pattern.ts'
import { equal, type MaybeValue, type Value } from '../values.ts'
import type { LeafTest } from './leaf.ts'

export function regexTest(operand: Value, options: MaybeValue): LeafTest {
  if (options !== undefined && typeof options !== 'string') throw requestFailed('$options has to be a string')
  const source = operand instanceof BSONRegExp ? operand.pattern : operand
  if (typeof source !== 'string') throw requestFailed('$regex has to be a string')
  const expression = toPattern(source, options ?? (operand instanceof BSONRegExp ? operand.options : ''))
  return {
    matches: (value) =>
      typeof value === 'string'
        ? expression.test(value)
        : value instanceof BSONRegExp && operand instanceof BSONRegExp && equal(value, operand),
  }
}

export function toPattern(source: string, options: string): Pattern {
  return boundedPattern(toRegExp(source, options))
}

/** The JavaScript form of a pattern of PCRE. */
function toRegExp(source: string, options: string): RegExp {
  let pattern = source
  let flags = options.replace(/[^ims]/g, '')
  // PCRE's inline options at the start, and its extended syntax, have no JavaScript form: translate both.
  const inline = /^\(\?([imsx]+)\)/.exec(pattern)
  if (inline) {
    pattern = pattern.slice(inline[0].length)
    flags += (inline[1] ?? '').replace('x', '')
  }
  if (options.includes('x') || inline?.[1]?.includes('x')) pattern = withoutLayout(pattern)
  const unique = [...new Set(flags)].join('')
  try {
    return new RegExp(pattern, `${unique}u`)
  } catch {
    // Patterns that only the older, laxer syntax accepts (for example an escaped minus).
    try {
      return new RegExp(pattern, unique)
    } catch {
      throw requestFailed(`Regular expression is invalid: ${source.slice(0, 200)}`)
    }
  }
}

function withoutLayout(pattern: string): string {
  return pattern.replace(/\\.|\[[^\]]*\]|\s+|#.*$/gm, (part) => (/^[\\[]/.test(part) ? part : ''))
}
