/** $facet: several pipelines over the same documents, each into a field of the one document it gives. */
import { requestFailed } from '../errors.ts'
import { type Document, isDocument, type Value } from '../values.ts'
import { createStageMeter } from './memory.ts'
import { readStages } from './read-stages.ts'
import type { StageContext } from './stage.ts'

const notInside = new Set(['$facet', '$geoNear', '$out', '$merge', '$collStats', '$indexStats'])

export function facet(documents: Document[], operand: Value, context: StageContext): Document[] {
  if (!isDocument(operand) || Object.keys(operand).length === 0) {
    throw requestFailed('the $facet specification must be a non-empty object')
  }
  const meter = createStageMeter('$facet')
  const result: Document = {}
  for (const [name, pipeline] of Object.entries(operand)) {
    if (name.startsWith('$') || name.includes('.')) {
      throw requestFailed(`FieldPath field names may not contain '.' or start with '$': ${name}`)
    }
    const stages = readStages(pipeline)
    const forbidden = stages.find((stage) => notInside.has(stage.name))
    if (forbidden) throw requestFailed(`${forbidden.name} is not allowed to be used within a $facet stage`)
    const made = context.runOn(documents, stages)
    for (const document of made) meter(document)
    result[name] = made
  }
  return [result]
}
