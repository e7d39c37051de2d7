/** Operators on texts in which mingo differs from MongoDB. */
import { requestFailed } from '../errors.ts'
import { isNil, type Operator, ofList, ofOne, typeOf } from './operands.ts'

/** A document's text cannot be larger; doubled thirty times it would end the whole cloud. */
const MAX_TEXT_CHARS = 16_793_600

export const textOperators: Record<string, Operator> = {
  // Only ASCII letters change, and null gives an empty text.
  $toUpper: ofOne('$toUpper', (value) => asText(value).replace(/[a-z]/g, (letter) => letter.toUpperCase())),
  $toLower: ofOne('$toLower', (value) => asText(value).replace(/[A-Z]/g, (letter) => letter.toLowerCase())),

  $concat: ofList('$concat', 0, Number.POSITIVE_INFINITY, (values) => {
    if (values.some(isNil)) return null
    const texts = values.map((value) => {
      if (typeof value === 'string') return value
      throw requestFailed(`$concat only supports strings, not ${typeOf(value)}`)
    })
    const length = texts.reduce((sum, text) => sum + text.length, 0)
    if (length > MAX_TEXT_CHARS)
      throw requestFailed(`BSONObj size: ${length} is invalid. Size must be between 0 and 16793600(16MB)`)
    return texts.join('')
  }),

  $split: ofList('$split', 2, 2, ([text, separator]) => {
    if (isNil(text) || isNil(separator)) return null
    if (typeof text !== 'string') {
      throw requestFailed(
        `$split requires an expression that evaluates to a string as a first argument, found: ${typeOf(text)}`,
      )
    }
    if (typeof separator !== 'string') {
      throw requestFailed(
        `$split requires an expression that evaluates to a string as a second argument, found: ${typeOf(separator)}`,
      )
    }
    if (separator === '') throw requestFailed('$split requires a non-empty separator')
    return text.split(separator)
  }),

  $strLenCP: ofOne('$strLenCP', (value) => [...stringOf('$strLenCP', value)].length),
  $strLenBytes: ofOne('$strLenBytes', (value) => Buffer.byteLength(stringOf('$strLenBytes', value))),

  $strcasecmp: ofList('$strcasecmp', 2, 2, (values) => {
    const [a = '', b = ''] = values.map((value) => asText(value).toUpperCase())
    return Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b)))
  }),

  $indexOfCP: indexOf('$indexOfCP', (text) => [...text]),
  $indexOfBytes: indexOf('$indexOfBytes', (text) => [...Buffer.from(text).toString('latin1')]),

  $substr: substrBytes('$substr'),
  $substrBytes: substrBytes('$substrBytes'),
  $substrCP: ofList('$substrCP', 3, 3, ([text, start, count]) => {
    const from = wholeNumber('$substrCP', start)
    const length = wholeNumber('$substrCP', count)
    if (from < 0 || length < 0)
      throw requestFailed('$substrCP: the starting index and length must be non-negative')
    return [...asText(text)].slice(from, from + length).join('')
  }),
}

function substrBytes(name: string): Operator {
  return ofList(name, 3, 3, ([text, start, count]) => {
    const bytes = Buffer.from(asText(text))
    const from = wholeNumber(name, start)
    const length = wholeNumber(name, count)
    if (from < 0) throw requestFailed(`${name}: starting index must be non-negative (got: ${from})`)
    // A negative length means the rest.
    const to = length < 0 ? bytes.length : Math.min(from + length, bytes.length)
    const isCut = (at: number) => at < bytes.length && ((bytes[at] ?? 0) & 0xc0) === 0x80
    if (isCut(from))
      throw requestFailed(`${name}:  Invalid range, starting index is a UTF-8 continuation byte.`)
    if (isCut(to))
      throw requestFailed(`${name}:  Invalid range, ending index is in the middle of a UTF-8 character.`)
    return bytes.subarray(from, to).toString('utf8')
  })
}

function indexOf(name: string, split: (text: string) => string[]): Operator {
  return ofList(name, 2, 4, ([text, part, start = 0, end]) => {
    if (isNil(text)) return null
    if (typeof text !== 'string' || typeof part !== 'string') {
      const other = typeof text === 'string' ? ['second', part] : ['first', text]
      throw requestFailed(`${name} requires a string as the ${other[0]} argument, found: ${typeOf(other[1])}`)
    }
    const units = split(text)
    const wanted = split(part)
    const last = Math.min(typeof end === 'number' ? end : units.length, units.length) - wanted.length
    for (let at = Math.max(Number(start), 0); at <= last; at++)
      if (wanted.every((unit, i) => units[at + i] === unit)) return at
    return -1
  })
}

function asText(value: unknown): string {
  if (isNil(value)) return ''
  if (typeof value === 'string') return value
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'number') return String(value)
  throw requestFailed(`can't convert from BSON type ${typeOf(value)} to String`)
}

function stringOf(name: string, value: unknown): string {
  if (typeof value === 'string') return value
  throw requestFailed(`${name} requires a string argument, found: ${typeOf(value)}`)
}

function wholeNumber(name: string, value: unknown): number {
  if (typeof value === 'number') return Math.trunc(value)
  throw requestFailed(`${name}: arguments must be numeric (got: ${typeOf(value)})`)
}
