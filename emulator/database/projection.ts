/** Projections: `{ a: 1 }`, `{ a: 0 }`, `$slice`, `$elemMatch`, with dotted paths through arrays. */
import { notEmulated } from '../core/errors.ts'
import { invalidParam, requestFailed } from './errors.ts'
import { splitPath } from './paths.ts'
import { compileQuery } from './query/compile.ts'
import {
  type Document,
  fieldOf,
  isDocument,
  isNumber,
  type MaybeValue,
  toNumber,
  type Value,
} from './values.ts'

export type Projection = (document: Document) => Document

/** A tree of the fields named: `true` keeps or drops the whole field. */
interface Tree {
  [field: string]: Tree | true
}

export function compileProjection(spec: Document): Projection {
  const included: Tree = {}
  const excluded: Tree = {}
  const shaped: { path: string; shape: (value: Value) => Value | undefined; keepsOthers: boolean }[] = []
  let idIncluded: boolean | undefined
  for (const [path, wish] of Object.entries(spec)) {
    // The element that the query found: a projection does not know the query.
    if (path.endsWith('.$')) throw notEmulated(`positional projection (${path})`)
    if (isDocument(wish)) {
      shaped.push({ path, ...compileShape(path, wish) })
      continue
    }
    const isWanted = wish === true || (isNumber(wish) && toNumber(wish) !== 0)
    if (!isWanted && wish !== false && !isNumber(wish))
      throw invalidParam(`projection of ${path} must be 1 or 0`)
    if (path === '_id') idIncluded = isWanted
    else plant(isWanted ? included : excluded, path)
  }
  const hasIncluded = Object.keys(included).length > 0
  if (hasIncluded && Object.keys(excluded).length > 0) {
    throw requestFailed('Projection cannot have a mix of inclusion and exclusion.')
  }
  const onlyShapesThatSelect =
    shaped.some(({ keepsOthers }) => !keepsOthers) && Object.keys(excluded).length === 0 && !hasIncluded
  const isInclusive =
    hasIncluded ||
    onlyShapesThatSelect ||
    (idIncluded === true && Object.keys(excluded).length === 0 && shaped.length === 0)
  for (const { path } of shaped) if (isInclusive) plant(included, path)
  return (document) => {
    const projected = isInclusive ? include(document, included) : exclude(document, excluded)
    const id = fieldOf(document, '_id')
    if (idIncluded === false) delete projected._id
    else if (id !== undefined) projected._id = id
    for (const { path, shape } of shaped) reshape(projected, splitPath(path), shape)
    return isInclusive && id !== undefined && idIncluded !== false ? { _id: id, ...projected } : projected
  }
}

function plant(tree: Tree, path: string): void {
  const segments = splitPath(path)
  let at = tree
  segments.forEach((segment, i) => {
    if (i === segments.length - 1) at[segment] = true
    else {
      const next = at[segment]
      const branch: Tree = typeof next === 'object' ? next : {}
      at[segment] = branch
      at = branch
    }
  })
}

function include(document: Document, tree: Tree): Document {
  const result: Document = {}
  for (const [field, value] of Object.entries(document)) {
    const branch = Object.hasOwn(tree, field) ? tree[field] : undefined
    if (branch === undefined) continue
    const kept = branch === true ? value : includeIn(value, branch)
    if (kept !== undefined) result[field] = kept
  }
  return result
}

function includeIn(value: Value, tree: Tree): MaybeValue {
  if (Array.isArray(value))
    return value.map((item) => includeIn(item, tree)).filter((item) => item !== undefined)
  return isDocument(value) ? include(value, tree) : undefined
}

function exclude(document: Document, tree: Tree): Document {
  const result: Document = {}
  for (const [field, value] of Object.entries(document)) {
    const branch = Object.hasOwn(tree, field) ? tree[field] : undefined
    if (branch === true) continue
    result[field] = branch === undefined ? value : excludeIn(value, branch)
  }
  return result
}

function excludeIn(value: Value, tree: Tree): Value {
  if (Array.isArray(value)) return value.map((item) => excludeIn(item, tree))
  return isDocument(value) ? exclude(value, tree) : value
}

function compileShape(
  path: string,
  wish: Document,
): { shape: (value: Value) => Value | undefined; keepsOthers: boolean } {
  if (Object.hasOwn(wish, '$slice')) return { shape: slice(path, wish.$slice ?? null), keepsOthers: true }
  if (Object.hasOwn(wish, '$elemMatch')) {
    const condition = wish.$elemMatch
    if (!isDocument(condition)) throw requestFailed(`$elemMatch of ${path} needs an object`)
    const test = compileQuery({ item: { $elemMatch: condition } })
    const shape = (value: Value) => {
      if (!Array.isArray(value)) return undefined
      const first = value.find((item) => test({ item: [item] }))
      return first === undefined ? undefined : [first]
    }
    return { shape, keepsOthers: false }
  }
  throw requestFailed(`Unsupported projection option: ${path}: ${Object.keys(wish)[0]}`)
}

function slice(path: string, operand: Value): (value: Value) => Value {
  const numbers = (Array.isArray(operand) ? operand : [operand]).map((item) =>
    isNumber(item) ? Math.trunc(toNumber(item)) : Number.NaN,
  )
  const [first, count] = numbers
  if (first === undefined || numbers.some(Number.isNaN) || (count !== undefined && count <= 0)) {
    throw requestFailed(`$slice of ${path} needs a number, or [skip, positive limit]`)
  }
  return (value) => {
    if (!Array.isArray(value)) return value
    if (count === undefined) return first < 0 ? value.slice(first) : value.slice(0, first)
    const start = first < 0 ? Math.max(value.length + first, 0) : first
    return value.slice(start, start + count)
  }
}

/** Replaces the field at the path in a projected document, whose branches on the way are copied. */
function reshape(document: Document, segments: string[], shape: (value: Value) => Value | undefined): void {
  const [field = '', ...rest] = segments
  const value = fieldOf(document, field)
  if (value === undefined) return
  if (rest.length === 0) {
    const shaped = shape(value)
    if (shaped === undefined) delete document[field]
    else document[field] = shaped
  } else if (isDocument(value)) {
    const copy = { ...value }
    reshape(copy, rest, shape)
    document[field] = copy
  }
}
