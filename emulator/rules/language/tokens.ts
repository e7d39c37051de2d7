import { RuleSyntaxError } from './syntax-error.ts'

/** The words of the rule language. `start` and `end` are offsets in the text. */
export type Token = { start: number; end: number } & (
  | { kind: 'name' | 'sign'; text: string }
  | { kind: 'string'; text: string; value: string }
  | { kind: 'number'; text: string; value: number }
  | { kind: 'regex'; text: string; pattern: RegExp }
  /** Texts, and where in the rule the expressions between them stand. */
  | { kind: 'template'; text: string; parts: (string | { start: number; end: number })[] }
  | { kind: 'end'; text: string }
)

const SIGNS = ['===', '!==', '==', '!=', '<=', '>=', '&&', '||', ...'<>!()[].,-']
const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', v: '\v', 0: '\0' }

/** The words of `source` between two offsets; the last one is the end. */
export function tokensOf(source: string, from = 0, to = source.length): Token[] {
  const tokens: Token[] = []
  let at = from
  for (;;) {
    while (at < to && /\s/.test(source.charAt(at))) at++
    if (at >= to) return [...tokens, { kind: 'end', text: 'the end', start: to, end: to }]
    const token = readToken(source, at, to)
    tokens.push(token)
    at = token.end
  }
}

function readToken(source: string, start: number, to: number): Token {
  const first = source.charAt(start)
  if (first === "'" || first === '"') return readString(source, start, to)
  if (first === '`') return readTemplate(source, start, to)
  // There is no division, so a slash always begins a pattern.
  if (first === '/') return readRegex(source, start, to)
  const rest = source.slice(start, to)
  const [name] = /^[A-Za-z_$][\w$]*/.exec(rest) ?? []
  if (name !== undefined) return { kind: 'name', text: name, start, end: start + name.length }
  const [number] = /^(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?/.exec(rest) ?? []
  if (number !== undefined)
    return { kind: 'number', text: number, value: Number(number), start, end: start + number.length }
  const sign = SIGNS.find((text) => rest.startsWith(text))
  if (sign !== undefined) return { kind: 'sign', text: sign, start, end: start + sign.length }
  throw new RuleSyntaxError(start + 1, unknownSign(first))
}

function unknownSign(sign: string): string {
  if (sign === '?') return "'?' is not part of the rule language: write && and ||"
  if ('+*%'.includes(sign))
    return `'${sign}' is not part of the rule language: rules compare, they do not calculate`
  if (sign === '=') return "'=' is not part of the rule language: a comparison is =="
  return `'${sign}' is not part of the rule language`
}

function readString(source: string, start: number, to: number): Token {
  const quote = source.charAt(start)
  let value = ''
  for (let at = start + 1; at < to; at++) {
    const char = source.charAt(at)
    if (char === quote)
      return { kind: 'string', text: source.slice(start, at + 1), value, start, end: at + 1 }
    if (char === '\\') value += unescaped(source.charAt(++at))
    else value += char
  }
  throw new RuleSyntaxError(start + 1, `a string begins here and has no closing ${quote}`)
}

function readTemplate(source: string, start: number, to: number): Token {
  const parts: (string | { start: number; end: number })[] = []
  let text = ''
  for (let at = start + 1; at < to; at++) {
    const char = source.charAt(at)
    if (char === '`') {
      parts.push(text)
      return { kind: 'template', text: source.slice(start, at + 1), parts, start, end: at + 1 }
    }
    if (char === '$' && source.charAt(at + 1) === '{') {
      const end = endOfPlace(source, at + 2, to)
      parts.push(text, { start: at + 2, end })
      text = ''
      at = end
    } else if (char === '\\') text += unescaped(source.charAt(++at))
    else text += char
  }
  throw new RuleSyntaxError(start + 1, 'a template begins here and has no closing `')
}

/** Where the `}` of a `${` stands; strings in between may hold one. */
function endOfPlace(source: string, start: number, to: number): number {
  let at = start
  while (at < to) {
    const char = source.charAt(at)
    if (char === '}') return at
    if (char === '`') break
    at = char === "'" || char === '"' ? readString(source, at, to).end : at + 1
  }
  throw new RuleSyntaxError(start - 1, 'an expression of the template begins here and has no closing }')
}

function readRegex(source: string, start: number, to: number): Token {
  let inClass = false
  for (let at = start + 1; at < to; at++) {
    const char = source.charAt(at)
    if (char === '\\') at++
    else if (char === '[') inClass = true
    else if (char === ']') inClass = false
    else if (char === '/' && !inClass) {
      const [flags = ''] = /^[a-z]*/.exec(source.slice(at + 1, to)) ?? []
      const end = at + 1 + flags.length
      return {
        kind: 'regex',
        text: source.slice(start, end),
        pattern: toPattern(source.slice(start + 1, at), flags, start),
        start,
        end,
      }
    }
  }
  throw new RuleSyntaxError(start + 1, 'a pattern begins here and has no closing /')
}

function toPattern(text: string, flags: string, start: number): RegExp {
  try {
    // A pattern with g or y would remember where it stopped and answer differently the next time.
    return new RegExp(text, flags.replace(/[gy]/g, ''))
  } catch (error) {
    throw new RuleSyntaxError(start + 1, error instanceof Error ? error.message : String(error))
  }
}

const unescaped = (char: string): string => escapes[char] ?? char
