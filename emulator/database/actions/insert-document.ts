/** database.insertDocument: `add()` of one document or of several; all are inserted or none. */
import { BSONRegExp } from 'bson'
import * as z from 'zod'
import { parseDocument } from '../ejson.ts'
import type { Engine } from '../engine.ts'
import { invalidParam } from '../errors.ts'
import { type Document, fieldOf, type MaybeValue, type Value } from '../values.ts'
import { insertDocuments } from '../write.ts'
import type { Action } from './action.ts'
import { collectionName, parseBody } from './fields.ts'

const body = z.object({
  collectionName,
  data: z.array(z.string()).min(1),
  transactionId: z.string().optional(),
})

export const insertDocument: Action = async (engine, raw, caller) => {
  const request = parseBody(body, raw)
  const nowMs = engine.clock.nowMs()
  const documents = request.data.map((text) => withId(engine, parseDocument(text, 'data', nowMs)))
  const insertedIds = documents.map((document) => fieldOf(document, '_id'))
  if (request.transactionId) {
    engine.transactions.run(request.transactionId, (transaction) => {
      for (const document of documents) transaction.insert(request.collectionName, document)
    })
  } else {
    engine.store.catalogue.get(request.collectionName)
    await insertDocuments(engine, request.collectionName, documents, caller)
  }
  return { data: { insertedIds } }
}

/** `_id` comes first; without one the server makes 32 hex digits. */
function withId(engine: Engine, data: Document): Document {
  const { _id, ...rest } = data
  return { _id: _id === undefined ? engine.ids.hex(16) : assertId(_id), ...rest }
}

export function assertId(id: Value): Value {
  if (!isId(id)) throw invalidParam('_id must be a string or a number')
  return id
}

function isId(id: MaybeValue): boolean {
  return id !== undefined && id !== null && !Array.isArray(id) && !(id instanceof BSONRegExp)
}
