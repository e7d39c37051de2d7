/** Conditions on the fields of a form: data that an operator composes, never code. */
import * as z from 'zod'
import { type Field, type Form, fieldName } from './form.ts'

const COMPARISONS = ['eq', 'ne', 'gt', 'gte', 'lt', 'lte'] as const
type Plain = string | number | boolean

export type Condition =
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition }
  | { field: string; is: (typeof COMPARISONS)[number]; value: Plain }
  | { field: string; is: 'in'; values: Plain[] }
  | { field: string; is: 'contains'; value: string }
  | { field: string; is: 'filled' }

const MAX_DEPTH = 5
const MAX_PARTS = 20

/** Made when the first one is parsed: a cold start does not pay for it. */
export const conditionSchema: z.ZodType<Condition> = z.lazy(() => upTo(MAX_DEPTH))

function makeLeaf(): z.ZodType<Condition> {
  const plain = z.union([z.string().max(200), z.number(), z.boolean()])
  return z.union([
    z.strictObject({ field: fieldName, is: z.enum(COMPARISONS), value: plain }),
    z.strictObject({ field: fieldName, is: z.literal('in'), values: z.array(plain).min(1).max(50) }),
    z.strictObject({ field: fieldName, is: z.literal('contains'), value: z.string().max(200) }),
    z.strictObject({ field: fieldName, is: z.literal('filled') }),
  ])
}

/** Bounded, so that a definition cannot be made that takes the stack. */
function upTo(depth: number, leaf = makeLeaf()): z.ZodType<Condition> {
  if (depth === 1) return leaf
  const inner = upTo(depth - 1, leaf)
  const parts = z.array(inner).min(1).max(MAX_PARTS)
  return z.union([
    leaf,
    z.strictObject({ all: parts }),
    z.strictObject({ any: parts }),
    z.strictObject({ not: inner }),
  ])
}

/** Does the form fit? A field that was left empty fits nothing but `ne` and what `not` turns around. */
export function holds(condition: Condition, form: Form): boolean {
  if ('all' in condition) return condition.all.every((part) => holds(part, form))
  if ('any' in condition) return condition.any.some((part) => holds(part, form))
  if ('not' in condition) return !holds(condition.not, form)
  const found = form[condition.field]
  switch (condition.is) {
    case 'filled':
      return found !== undefined
    case 'eq':
      return found === condition.value
    case 'ne':
      return found !== condition.value
    case 'in':
      return condition.values.some((value) => value === found)
    case 'contains':
      return (Array.isArray(found) || typeof found === 'string') && found.includes(condition.value)
    default:
      return typeof found === typeof condition.value && found !== undefined && compare(found, condition)
  }
}

function compare(found: Form[string], { is, value }: { is: string; value: Plain }): boolean {
  if (is === 'gt') return found > value
  if (is === 'gte') return found >= value
  return is === 'lt' ? found < value : found <= value
}

/** What does not fit the fields: an unknown one, or a comparison that could never be true. */
export function misfits(condition: Condition, fields: readonly Field[]): string[] {
  if ('all' in condition) return condition.all.flatMap((part) => misfits(part, fields))
  if ('any' in condition) return condition.any.flatMap((part) => misfits(part, fields))
  if ('not' in condition) return misfits(condition.not, fields)
  const field = fields.find(({ name }) => name === condition.field)
  if (!field) return [`unknown field ${condition.field}`]
  if (condition.is === 'filled') return []
  const wanted = VALUE_TYPES[field.kind]
  const given = condition.is === 'in' ? condition.values : [condition.value]
  const fits =
    condition.is === 'contains'
      ? wanted !== 'number' && wanted !== 'boolean'
      : given.every((value) => typeof value === wanted)
  const isOrdered = ['gt', 'gte', 'lt', 'lte'].includes(condition.is)
  if (!fits || (isOrdered && wanted === 'boolean'))
    return [`${condition.field} cannot be asked with ${condition.is}`]
  const unknown = field.kind === 'choice' && given.some((value) => !field.options.includes(String(value)))
  return unknown && condition.is !== 'contains' ? [`${condition.field} has no such option`] : []
}

const VALUE_TYPES: Record<Field['kind'], 'string' | 'number' | 'boolean' | 'list'> = {
  text: 'string',
  number: 'number',
  money: 'number',
  choice: 'string',
  'yes-no': 'boolean',
  date: 'string',
  user: 'string',
  users: 'list',
  files: 'list',
}
