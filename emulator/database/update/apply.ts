/** Applies an update document to a document, as MongoDB's update with operators does. */
import { requestFailed } from '../errors.ts'
import { setAt, splitPath, unsetAt, valueAt } from '../paths.ts'
import { typeName } from '../query/element.ts'
import { type Document, equal, fieldOf, isDocument, type MaybeValue, type Value } from '../values.ts'
import { type FieldOperator, KEEP } from './field-operator.ts'
import { fieldOperators } from './operators.ts'
import { concretePaths } from './positional.ts'
import { rename, renameTarget } from './rename.ts'
import { shownField } from './shown.ts'

export interface Update {
  apply(document: Document, context: { nowMs: number; filter: Document; isInsert?: boolean }): Document
}

interface Step {
  path: string
  /** Of the field that the operator makes. */
  segments: string[]
  operand: Value
  operator: FieldOperator | 'rename'
}

/** Reads an update document; refuses unknown operators and paths that collide before any document is touched. */
export function compileUpdate(update: Document): Update {
  const steps: Step[] = []
  const touched = nothingTouched()
  for (const [name, fields] of Object.entries(update)) {
    const operator =
      name === '$rename' ? 'rename' : Object.hasOwn(fieldOperators, name) ? fieldOperators[name] : undefined
    if (!operator) {
      throw requestFailed(
        name.startsWith('$')
          ? `Unknown modifier: ${name}`
          : `the update operation document must contain atomic operators: ${name}`,
      )
    }
    if (!isDocument(fields)) {
      throw requestFailed(
        `Modifiers operate on fields but we found type ${typeName(fields)} instead. For example: {$mod: {<field>: ...}} not {${shownField(name, fields)}}`,
      )
    }
    for (const [path, operand] of Object.entries(fields)) {
      if (path.split('.').includes('')) {
        throw requestFailed(`The update path '${path}' contains an empty field name, which is not allowed.`)
      }
      touch(touched, path)
      const made = operator === 'rename' ? renameTarget(path, operand) : path
      if (made !== path) touch(touched, made)
      steps.push({ path, segments: splitPath(made), operand, operator })
    }
  }
  steps.sort((a, b) => comparePaths(a.segments, b.segments))
  return {
    apply(document, { nowMs, filter, isInsert = false }) {
      const copy = cloneDocument(document)
      for (const step of steps) applyStep(copy, step, nowMs, filter, isInsert)
      if (!isInsert && !equal(fieldOf(copy, '_id'), fieldOf(document, '_id'))) {
        throw requestFailed("Performing an update on the path '_id' would modify the immutable field '_id'")
      }
      return copy
    },
  }
}

/** New fields come in this order, whatever operator makes them (MongoDB's manual, "Update Operators": behavior). */
function comparePaths(a: string[], b: string[]): number {
  for (const [i, segment] of a.entries()) {
    const other = b[i]
    if (other === undefined) return 1
    if (segment === other) continue
    const areNumbers = /^\d+$/.test(segment) && /^\d+$/.test(other)
    return areNumbers ? Number(segment) - Number(other) : segment < other ? -1 : 1
  }
  return -1
}

function applyStep(copy: Document, step: Step, nowMs: number, filter: Document, isInsert: boolean): void {
  const { path, segments, operand, operator } = step
  if (operator === 'rename') {
    rename(copy, path, renameTarget(path, operand))
    return
  }
  for (const concrete of concretePaths(segments, copy, filter)) {
    const current = valueAt(copy, concrete)
    const next = operator(current, operand, { path, nowMs, id: fieldOf(copy, '_id'), isInsert })
    if (next === KEEP) continue
    if (next === undefined) unsetAt(copy, concrete)
    else if (next !== current) setAt(copy, concrete, cloneValue(next))
  }
}

/** The paths that operators work on, as a tree of their segments: an update may have thousands. */
interface Touched {
  isPath: boolean
  below: Map<string, Touched>
}

const nothingTouched = (): Touched => ({ isPath: false, below: new Map() })

/** Notes a path and refuses it when another operator already works on it, above it or below it. */
function touch(touched: Touched, path: string): void {
  const segments = path.split('.')
  let node = touched
  for (const [i, segment] of segments.entries()) {
    const next = node.below.get(segment) ?? nothingTouched()
    node.below.set(segment, next)
    if (next.isPath) throw conflict(path, segments.slice(0, i + 1).join('.'))
    node = next
  }
  if (node.below.size > 0) throw conflict(path, path)
  node.isPath = true
}

function conflict(path: string, at: string): Error {
  return requestFailed(`Updating the path '${path}' would create a conflict at '${at}'`)
}

/** A copy whose documents and arrays may be changed; values that cannot change are shared. */
function cloneDocument(document: Document): Document {
  const copy: Document = { ...document }
  for (const key of Object.keys(copy)) {
    const value: MaybeValue = copy[key]
    if (typeof value === 'object' && value !== null) copy[key] = cloneValue(value)
  }
  return copy
}

/** Operands are cloned too: one update may put the same operand into many documents. */
function cloneValue(value: Value): Value {
  if (Array.isArray(value)) return value.map(cloneValue)
  return isDocument(value) ? cloneDocument(value) : value
}
