/**
 * What the conditions of a query tell about a field. A condition is taken by itself, never two together: MongoDB holds
 * an array to match `{ $gt: 5, $lt: 8 }` when one element is above 5 and another below 8.
 */
import { type DocumentView, isOrdered, type OrderOperator, type Truth } from '../operand.ts'
import { isEqual, isPlain, kindOf, orderOf } from '../values.ts'
import type { Branch, Condition } from './branches.ts'

/** `doc` as one alternative of a query describes it. */
export function documentsOf(branch: Branch): DocumentView {
  const on = (path: string) => (branch.get(path) ?? []).filter((condition) => tells(condition, path))
  return {
    whole: { kind: 'field', path: '' },
    pinned: (path) => pinOf(branch, path),
    compare(path, operator, constant) {
      for (const condition of on(path)) {
        const truth = implied(condition, operator, constant)
        if (truth !== undefined) return truth
      }
      return undefined
    },
    holds(path, item) {
      // That a list holds one thing says nothing against its holding another.
      if (
        on(path).some(({ operator, value }) => operator === 'eq' && isScalar(value) && isEqual(value, item))
      )
        return true
      if (on(path).some(({ operator, value }) => operator === 'ne' && isEqual(value, item))) return false
      return undefined
    },
  }
}

/** Through an empty list a path leads nowhere, yet MongoDB finds no null there: `$ne: null` holds, and tells nothing. */
function tells({ operator, value }: Condition, path: string): boolean {
  return operator !== 'ne' || kindOf(value) !== 'null' || !path.includes('.')
}

/** Whether what meets the condition compares so with the constant. */
function implied({ operator: has, value }: Condition, operator: OrderOperator, constant: unknown): Truth {
  if (has === 'eq') return undefined // a pinned field is compared as the value it is
  if (has === 'ne') return operator === '==' && isEqual(value, constant) ? false : undefined
  const kind = kindOf(value)
  const isOrderable =
    (kind === 'number' || kind === 'date' || kind === 'string') && orderOf(value, value) === 0
  if (!isOrderable) return undefined
  if (operator === '==') {
    // The condition finds only values of the kind of its own.
    if (kindOf(constant) !== kind) return false
    return isOrdered(signs[has], constant, value) ? undefined : false
  }
  const order = orderOf(value, constant)
  if (order === undefined) return false
  const isLower = has === 'gt' || has === 'gte'
  const isStrict = has === 'gt' || has === 'lt'
  // Turned round so that the condition is a lower bound: an upper bound is a lower one of the mirrored line.
  const distance = isLower ? order : -order
  const asks = isLower ? operator : mirror[operator]
  if (asks === '>') return distance > 0 || (distance === 0 && isStrict) ? true : undefined
  if (asks === '>=') return distance >= 0 ? true : undefined
  if (asks === '<') return distance >= 0 ? false : undefined
  return distance > 0 || (distance === 0 && isStrict) ? false : undefined
}

const signs = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const
const mirror = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const

/** A field that a condition fixes, or that lies within an object which one fixes. */
function pinOf(branch: Branch, path: string): { value: unknown; fromList: boolean } | undefined {
  const own = branch.get(path)?.find(({ operator }) => operator === 'eq')
  if (own) return { value: own.value, fromList: own.fromList === true }
  const dot = path.lastIndexOf('.')
  if (dot < 0) return undefined
  const outer = pinOf(branch, path.slice(0, dot))
  if (!outer || !isPlain(outer.value)) return undefined
  const key = path.slice(dot + 1)
  return { value: Object.hasOwn(outer.value, key) ? outer.value[key] : undefined, fromList: outer.fromList }
}

const isScalar = (value: unknown): boolean =>
  ['string', 'number', 'boolean', 'date', 'other'].includes(kindOf(value))
