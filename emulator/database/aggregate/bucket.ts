/** $bucket, as groups and a sort: mingo puts a value that equals a boundary into the bucket below it. */
import { requestFailed } from '../errors.ts'
import { compare, type Document, isDocument, type Value } from '../values.ts'
import type { Stage } from './stage.ts'

export function bucketStages(operand: Value): Stage[] {
  if (!isDocument(operand)) throw requestFailed('Argument to $bucket stage must be an object')
  const { groupBy, boundaries, output, default: rest } = operand
  if (groupBy === undefined) throw requestFailed("$bucket requires 'groupBy' to be specified")
  if (!Array.isArray(boundaries) || boundaries.length < 2) {
    throw requestFailed("The $bucket 'boundaries' field must be an array with at least 2 values")
  }
  const branches: Document[] = []
  for (let i = 0; i + 1 < boundaries.length; i++) {
    const low = boundaries[i] ?? null
    const high = boundaries[i + 1] ?? null
    if (compare(low, high) >= 0) throw requestFailed("The 'boundaries' option to $bucket must be sorted")
    branches.push({ case: { $and: [{ $gte: [groupBy, low] }, { $lt: [groupBy, high] }] }, then: low })
  }
  const choice: Document = rest === undefined ? { branches } : { branches, default: rest }
  const fields: Document = output !== undefined && isDocument(output) ? output : { count: { $sum: 1 } }
  return [
    { name: '$group', operand: { _id: { $switch: choice }, ...fields } },
    { name: '$sort', operand: { _id: 1 } },
  ]
}
