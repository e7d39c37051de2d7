/** database.aggregateDocuments: `aggregate()...end()`; never part of a transaction. */
import * as z from 'zod'
import { aggregate } from '../aggregate/pipeline.ts'
import { parseValue, stringify } from '../ejson.ts'
import { createResultMeter } from '../limits.ts'
import type { Action } from './action.ts'
import { collectionName, parseBody } from './fields.ts'

const body = z.object({
  collectionName,
  stages: z.array(z.object({ stageKey: z.string(), stageValue: z.string() })),
})

export const aggregateDocuments: Action = async (engine, raw) => {
  const request = parseBody(body, raw)
  const nowMs = engine.clock.nowMs()
  const pipeline = request.stages.map(({ stageKey, stageValue }) => ({
    name: stageKey,
    operand: parseValue(stageValue, stageKey, nowMs),
  }))
  const collection = engine.store.catalogue.get(request.collectionName)
  const context = {
    finder: engine.finder,
    getCollection: (name: string) => engine.store.catalogue.get(name),
    variables: { NOW: new Date(nowMs) },
  }
  const meter = createResultMeter()
  const list = aggregate(context, collection, pipeline).map((document) => {
    const text = stringify(document)
    meter(text)
    return text
  })
  return { data: { list } }
}
