/** A pipeline as an array of `{ $name: operand }`, which is how stages hold pipelines of their own. */
import { requestFailed } from '../errors.ts'
import { isDocument, type Value } from '../values.ts'
import type { Stage } from './stage.ts'

export function readStages(pipeline: Value): Stage[] {
  if (!Array.isArray(pipeline)) throw requestFailed('a pipeline must be an array')
  return pipeline.map((stage) => {
    const [entry, ...others] = isDocument(stage) ? Object.entries(stage) : []
    if (!entry || others.length > 0)
      throw requestFailed('a pipeline stage must be an object with exactly one field')
    return { name: entry[0], operand: entry[1] }
  })
}
