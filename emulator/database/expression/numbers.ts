/** Arithmetic of expressions, with MongoDB's refusals; mingo words them otherwise or computes NaN. */
import { requestFailed } from '../errors.ts'
import { isNil, type Operator, ofList, ofOne, typeOf } from './operands.ts'

const MANY = Number.POSITIVE_INFINITY

export const numberOperators: Record<string, Operator> = {
  $abs: unary('$abs', Math.abs),
  $ceil: unary('$ceil', (value) => Math.ceil(value) + 0),
  $floor: unary('$floor', Math.floor),
  $exp: unary('$exp', Math.exp),
  $ln: unary('$ln', (value) => Math.log(positive('$ln', value))),
  $log10: unary('$log10', (value) => Math.log10(positive('$log10', value))),
  $sqrt: unary('$sqrt', (value) => {
    if (value < 0) throw requestFailed("$sqrt's argument must be greater than or equal to 0")
    return Math.sqrt(value)
  }),

  $add: ofList('$add', 0, MANY, (values) => {
    if (values.some(isNil)) return null
    let sum = 0
    let isDate = false
    for (const value of values) {
      if (value instanceof Date) {
        if (isDate) throw requestFailed('only one date allowed in an $add expression')
        isDate = true
        sum += value.getTime()
      } else if (typeof value === 'number') sum += value
      else throw requestFailed(`$add only supports numeric or date types, not ${typeOf(value)}`)
    }
    return isDate ? new Date(Math.round(sum)) : sum
  }),

  $multiply: ofList('$multiply', 0, MANY, (values) => {
    if (values.some(isNil)) return null
    return values.reduce<number>((product, value) => {
      if (typeof value !== 'number') {
        throw requestFailed(`$multiply only supports numeric types, not ${typeOf(value)}`)
      }
      return product * value
    }, 1)
  }),

  $subtract: ofList('$subtract', 2, 2, ([a, b]) => {
    if (isNil(a) || isNil(b)) return null
    if (typeof a === 'number' && typeof b === 'number') return a - b
    if (a instanceof Date && b instanceof Date) return a.getTime() - b.getTime()
    if (a instanceof Date && typeof b === 'number') return new Date(a.getTime() - Math.round(b))
    throw requestFailed(`cant $subtract a ${typeOf(b)} from a ${typeOf(a)}`)
  }),

  $divide: binary('$divide', (a, b) => {
    if (b === 0) throw requestFailed("can't $divide by zero")
    return a / b
  }),
  $mod: binary('$mod', (a, b) => {
    if (b === 0) throw requestFailed("can't $mod by zero")
    return (a % b) + 0
  }),
  $log: binary('$log', (value, base) => {
    if (!(base > 0) || base === 1) {
      throw requestFailed(`$log's base must be a positive number not equal to 1, but is ${base}`)
    }
    // A quotient of logarithms misses whole results by a hair.
    const power = Math.log(positive('$log', value)) / Math.log(base)
    return base ** Math.round(power) === value ? Math.round(power) : power
  }),
  $pow: binary('$pow', (base, exponent) => {
    if (base === 0 && exponent < 0) {
      throw requestFailed('$pow cannot take a base of 0 and a negative exponent')
    }
    return base ** exponent
  }),

  $trunc: ofList('$trunc', 1, 2, (values) => toPlaces('$trunc', values, Math.trunc)),
  $round: ofList('$round', 1, 2, (values) => toPlaces('$round', values, halfToEven)),
}

function unary(name: string, compute: (value: number) => number): Operator {
  return ofOne(name, (value) => {
    if (isNil(value)) return null
    if (typeof value !== 'number') {
      throw requestFailed(`${name} only supports numeric types, not ${typeOf(value)}`)
    }
    return compute(value)
  })
}

function binary(name: string, compute: (a: number, b: number) => number): Operator {
  return ofList(name, 2, 2, ([a, b]) => {
    if (isNil(a) || isNil(b)) return null
    if (typeof a !== 'number' || typeof b !== 'number') {
      throw requestFailed(`${name} only supports numeric types, not ${typeOf(a)} and ${typeOf(b)}`)
    }
    return compute(a, b)
  })
}

function positive(name: string, value: number): number {
  if (value > 0 || Number.isNaN(value)) return value
  throw requestFailed(`${name}'s argument must be a positive number, but is ${value}`)
}

function toPlaces(name: string, values: unknown[], change: (value: number) => number): number | null {
  const [value, places = 0] = values
  if (isNil(value) || isNil(places)) return null
  if (typeof value !== 'number')
    throw requestFailed(`${name} only supports numeric types, not ${typeOf(value)}`)
  if (typeof places !== 'number' || !Number.isInteger(places) || places < -20 || places > 100) {
    throw requestFailed(
      `cannot apply ${name} with precision value ${String(places)} value must be in [-20, 100]`,
    )
  }
  if (!Number.isFinite(value)) return value
  // By the decimal digits of the number, since multiplying would bring in binary ones.
  const [digits, exponent = '0'] = String(value).split('e')
  const moved = change(Number(`${digits}e${Number(exponent) + places}`))
  const [movedDigits, movedExponent = '0'] = String(moved).split('e')
  return Number(`${movedDigits}e${Number(movedExponent) - places}`) + 0
}

function halfToEven(value: number): number {
  const down = Math.floor(value)
  const rest = value - down
  if (rest !== 0.5) return Math.round(value)
  return down % 2 === 0 ? down : down + 1
}
