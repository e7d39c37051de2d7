/** database.getDocument: `where().get()` and `doc().get()`. */
import * as z from 'zod'
import { stringify } from '../ejson.ts'
import { toQuery } from '../find.ts'
import { createResultMeter } from '../limits.ts'
import type { Action } from './action.ts'
import {
  collectionName,
  ejsonText,
  limitField,
  parseBody,
  readFilter,
  readLimit,
  readOrder,
  readProjection,
} from './fields.ts'

const body = z.object({
  collectionName,
  query: ejsonText,
  order: ejsonText,
  projection: ejsonText,
  offset: limitField,
  limit: limitField,
  transactionId: z.string().optional(),
})

export const getDocument: Action = async (engine, raw) => {
  const request = parseBody(body, raw)
  const query = toQuery(readFilter(request.query, engine.clock.nowMs()), readOrder(request.order))
  const project = readProjection(request.projection)
  const skip = request.offset ?? 0
  const limit = readLimit(request.limit)
  const meter = createResultMeter()
  const send = (text: string) => {
    meter(text)
    return text
  }
  if (request.transactionId) {
    const documents = engine.transactions.run(request.transactionId, (transaction) =>
      transaction.find(request.collectionName, query, skip, limit),
    )
    return {
      data: { list: documents.map((document) => send(stringify(project ? project(document) : document))) },
    }
  }
  const collection = engine.store.catalogue.get(request.collectionName)
  const found = engine.finder.find(collection, query, undefined, skip, limit)
  const list = found.map(({ text, document }) => send(project ? stringify(project(document())) : text))
  return { data: { list } }
}
