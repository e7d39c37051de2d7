/** $group. Mingo takes objects for one key whatever the order of their fields, and null for missing. */
import { requestFailed } from '../errors.ts'
import { accumulate, isAccumulator } from '../expression/accumulators.ts'
import type { Variables } from '../expression/context.ts'
import { encodeKey } from '../keys.ts'
import type { Plain } from '../plain.ts'
import { type Document, isDocument, type Value } from '../values.ts'
import { evaluateAll } from './mingo.ts'

interface Field {
  name: string
  accumulator: string
}

export function group(documents: Document[], operand: Value, variables?: Variables): Document[] {
  if (!isDocument(operand)) throw requestFailed("a group's fields must be specified in an object")
  const { _id: id, ...rest } = operand
  if (id === undefined) throw requestFailed('a group specification must include an _id')
  const fields: Field[] = []
  const expressions: Value[] = [id]
  for (const [name, spec] of Object.entries(rest)) {
    const { accumulator, expression } = readField(name, spec)
    fields.push({ name, accumulator })
    expressions.push(expression)
  }
  const groups = new Map<string, { id: Plain; rows: Plain[][] }>()
  for (const row of evaluateAll(documents, expressions, variables)) {
    // Documents without the value are in one group with those where it is null.
    const key = row[0] ?? null
    // Mingo's values are the plain forms of ours.
    const name = encodeKey(key as Value).toString('latin1')
    const known = groups.get(name)
    if (known) known.rows.push(row)
    else groups.set(name, { id: key, rows: [row] })
  }
  return [...groups.values()].map(({ id: key, rows }) => {
    const result: Record<string, Plain> = { _id: key }
    for (const [i, { name, accumulator }] of fields.entries()) {
      const values = rows.map((row) => row[i + 1])
      result[name] = accumulate(accumulator, values)
    }
    return result as Document
  })
}

function readField(name: string, spec: Value): { accumulator: string; expression: Value } {
  if (name.includes('.')) throw requestFailed(`The field name '${name}' cannot contain '.'`)
  const [entry, ...others] = isDocument(spec) ? Object.entries(spec) : []
  if (!entry?.[0].startsWith('$')) throw requestFailed(`The field '${name}' must be an accumulator object`)
  if (others.length > 0) throw requestFailed(`The field '${name}' must specify one accumulator`)
  const [accumulator, expression] = entry
  if (!isAccumulator(accumulator)) throw requestFailed(`unknown group operator '${accumulator}'`)
  if (Array.isArray(expression)) throw requestFailed(`The ${accumulator} accumulator is a unary operator`)
  return { accumulator, expression }
}
