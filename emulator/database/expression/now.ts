/** `$$NOW` is the time of the cloud's clock; mingo would take the machine's. */
import type { Plain } from '../plain.ts'
import type { Variables } from './context.ts'

/** The expression with `$$NOW` replaced by the time in `variables.NOW`. */
export function withNow(expression: Plain, variables: Variables = {}): Plain {
  const { NOW } = variables
  return NOW instanceof Date ? replaced(expression, NOW) : expression
}

function replaced(expression: Plain, now: Date): Plain {
  if (expression === '$$NOW') return now
  if (Array.isArray(expression)) return expression.map((item) => replaced(item, now))
  if (typeof expression !== 'object' || expression === null) return expression
  if (Object.getPrototypeOf(expression) !== Object.prototype) return expression
  return Object.fromEntries(
    Object.entries(expression).map(([key, item]) => [key, key === '$literal' ? item : replaced(item, now)]),
  )
}
