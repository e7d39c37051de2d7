/** What an update makes of a document, written down from MongoDB's manual ("Update Operators"); throws what MongoDB refuses. */
import { matches } from './matches.ts'
import { compare, type Doc, equal, isDoc, type Value } from './values.ts'

export class Refused extends Error {}

export function update(document: Doc, change: Doc): Doc {
  const parts = Object.entries(change).flatMap(([operator, fields]) =>
    Object.entries(fields as Doc).map(([path, operand]) => ({ operator, path, operand })),
  )
  const touched = parts.flatMap(({ operator, path, operand }) =>
    operator === '$rename' ? [path, String(operand)] : [path],
  )
  for (const [i, a] of touched.entries())
    for (const b of touched.slice(i + 1))
      if (a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`)) throw new Refused(`conflict at ${a}`)
  const after = structuredClone(document)
  // Fields are processed in the order of their names, whatever the operator; a rename stands where it leads.
  const place = ({ operator, path, operand }: (typeof parts)[number]) =>
    operator === '$rename' ? operand : path
  for (const { operator, path, operand } of parts.toSorted((a, b) => compare(place(a), place(b)))) {
    if (operator === '$rename') rename(after, path, String(operand))
    else if (operator === '$unset') remove(after, path.split('.'))
    else write(after, path.split('.'), operator, operand)
  }
  if (!equal(after._id, document._id)) throw new Refused('_id')
  return after
}

function child(holder: Value, key: string): Value | undefined {
  if (Array.isArray(holder)) return /^\d+$/.test(key) ? holder[Number(key)] : undefined
  return isDoc(holder) && Object.hasOwn(holder, key) ? holder[key] : undefined
}

function put(holder: Value, key: string, value: Value): void {
  if (Array.isArray(holder)) {
    if (!/^\d+$/.test(key)) throw new Refused(`${key} in an array`)
    while (holder.length < Number(key)) holder.push(null)
    holder[Number(key)] = value
  } else if (isDoc(holder)) holder[key] = value
  else throw new Refused(`${key} in a scalar`)
}

function write(holder: Value, [key = '', ...rest]: string[], operator: string, operand: Value): void {
  const old = child(holder, key)
  if (rest.length > 0) {
    if (old !== undefined) {
      write(old, rest, operator, operand)
      return
    }
    const made: Doc = {}
    write(made, rest, operator, operand)
    if (Object.keys(made).length > 0) put(holder, key, made)
    return
  }
  const value = result(operator, old, operand)
  if (value !== undefined) put(holder, key, value)
}

function remove(holder: Value | undefined, [key = '', ...rest]: string[]): void {
  const old = holder === undefined ? undefined : child(holder, key)
  if (old === undefined || holder === undefined) return
  if (rest.length > 0) remove(old, rest)
  else if (Array.isArray(holder)) holder[Number(key)] = null
  else if (isDoc(holder)) delete holder[key]
}

function rename(document: Doc, from: string, to: string): void {
  const value = child(document, from)
  if (value === undefined) return
  remove(document, [from])
  write(document, to.split('.'), '$set', value)
}

function number(value: Value): number {
  if (typeof value !== 'number') throw new Refused('not a number')
  return value
}

function array(value: Value): Value[] {
  if (!Array.isArray(value)) throw new Refused('not an array')
  return value
}

function each(operand: Value): Value[] {
  return isDoc(operand) && operand.$each !== undefined ? array(operand.$each) : [operand]
}

/** The new value of a field; undefined where nothing is to be written. */
function result(operator: string, old: Value | undefined, operand: Value): Value | undefined {
  switch (operator) {
    case '$set':
      return operand
    case '$inc':
      return number(old === undefined ? 0 : old) + number(operand)
    case '$mul':
      return number(old === undefined ? 0 : old) * number(operand) + 0
    case '$min':
      return old === undefined || compare(operand, old) < 0 ? operand : old
    case '$max':
      return old === undefined || compare(operand, old) > 0 ? operand : old
    case '$push':
      return push(array(old === undefined ? [] : old), operand)
    case '$addToSet':
      return each(operand).reduce<Value[]>(
        (list, item) => (list.some((other) => equal(other, item)) ? list : list.concat([item])),
        array(old === undefined ? [] : old),
      )
    case '$pull':
      return old === undefined ? undefined : array(old).filter((item) => !isPulled(item, operand))
    case '$pullAll':
      return old === undefined
        ? undefined
        : array(old).filter((item) => !array(operand).some((other) => equal(item, other)))
    case '$pop':
      if (old === undefined) return undefined
      return operand === 1 ? array(old).slice(0, -1) : array(old).slice(1)
    default:
      throw new Error(`the reference does not know ${operator}`)
  }
}

function push(old: Value[], operand: Value): Value[] {
  const list = [...old]
  const { $position, $sort, $slice } = isDoc(operand) && operand.$each !== undefined ? operand : ({} as Doc)
  list.splice(typeof $position === 'number' ? $position : list.length, 0, ...each(operand))
  if (typeof $sort === 'number') list.sort((a, b) => compare(a, b) * $sort)
  if (typeof $slice !== 'number') return list
  if ($slice === 0) return []
  return $slice < 0 ? list.slice($slice) : list.slice(0, $slice)
}

function isPulled(item: Value, condition: Value): boolean {
  if (!isDoc(condition)) return equal(item, condition)
  if (Object.keys(condition)[0]?.startsWith('$')) return matches({ item }, { item: condition })
  return isDoc(item) && matches(item, condition)
}
