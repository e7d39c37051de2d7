/** What our own expression operators are made of: mingo's calling convention, operands and MongoDB's names of types. */
import { evalExpr } from 'mingo/core'
import { requestFailed } from '../errors.ts'
import { typeName } from '../query/element.ts'
import type { MaybeValue } from '../values.ts'

// Mingo types the arguments by its own `Any` and `Options`; they are only handed on.
export type Operator = (object: never, expression: never, options: never) => unknown

export function evaluate(object: never, expression: unknown, options: never): unknown {
  return evalExpr(object, expression as never, options)
}

/** An operator of one operand, which may stand in a list of one. */
export function ofOne(name: string, compute: (value: unknown) => unknown): Operator {
  return (object, expression, options) => {
    const operands: unknown = expression
    if (Array.isArray(operands) && operands.length !== 1) throw wrongCount(name, '1', operands.length)
    return compute(evaluate(object, Array.isArray(operands) ? operands[0] : operands, options))
  }
}

/** An operator of a list of operands; `least` and `most` say how many. */
export function ofList(
  name: string,
  least: number,
  most: number,
  compute: (values: unknown[]) => unknown,
): Operator {
  return (object, expression, options) => {
    const written: unknown = expression
    const operands = Array.isArray(written) ? written : [written]
    if (operands.length < least || operands.length > most) {
      const wanted = least === most ? String(least) : `at least ${least} arguments, and at most ${most}`
      throw wrongCount(name, wanted, operands.length)
    }
    return compute(operands.map((operand) => evaluate(object, operand, options)))
  }
}

/** An operator of named operands; refuses names it does not know. */
export function ofFields(
  name: string,
  fields: readonly string[],
  compute: (values: Record<string, unknown>) => unknown,
): Operator {
  return (object, expression, options) => {
    const written: unknown = expression
    if (!isPlainObject(written)) throw requestFailed(`${name} only supports an object as its argument`)
    const unknown = Object.keys(written).find((key) => !fields.includes(key))
    if (unknown !== undefined) throw requestFailed(`Unrecognized argument to ${name}: ${unknown}`)
    return compute(
      Object.fromEntries(
        Object.entries(written).map(([key, value]) => [key, evaluate(object, value, options)]),
      ),
    )
  }
}

export function isNil(value: unknown): value is null | undefined {
  return value === null || value === undefined
}

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}

/** MongoDB's name of a value's type, as its messages have it. */
export function typeOf(value: unknown): string {
  if (value instanceof RegExp) return 'regex'
  // Mingo's values are the plain forms of ours.
  return typeName(value as MaybeValue)
}

function wrongCount(name: string, wanted: string, given: number): Error {
  const arguments_ = /^\d+$/.test(wanted) ? `exactly ${wanted} arguments` : wanted
  return requestFailed(`Expression ${name} takes ${arguments_}. ${given} were passed in.`)
}
