/** database.modifyDocument: `update()` of one or many (`merge`), and `set()` (replace or insert). */
import * as z from 'zod'
import { parseDocument } from '../ejson.ts'
import type { Engine } from '../engine.ts'
import { toQuery } from '../find.ts'
import { type ChangeRequest, changeMatching } from '../write.ts'
import { changeInTransaction } from '../write-in-transaction.ts'
import type { Action } from './action.ts'
import { collectionName, ejsonText, parseBody, readFilter } from './fields.ts'
import { readModification } from './modification.ts'

const body = z.object({
  collectionName,
  query: ejsonText,
  data: z.string(),
  multi: z.boolean().default(false),
  merge: z.boolean().default(true),
  upsert: z.boolean().default(false),
  transactionId: z.string().optional(),
})

export const modifyDocument: Action = async (engine, raw, caller) => {
  const request = parseBody(body, raw)
  const change = readChange(engine, request)
  const result = request.transactionId
    ? changeInTransaction(engine, request.transactionId, change)
    : await changeMatching(engine, change, caller)
  return {
    data: {
      updated: result.changed,
      ...(result.inserted ? { upsert_id: result.inserted._id } : {}),
    },
  }
}

function readChange(engine: Engine, request: z.output<typeof body>): ChangeRequest {
  const nowMs = engine.clock.nowMs()
  const filter = readFilter(request.query, nowMs)
  const data = parseDocument(request.data, 'data', nowMs)
  engine.store.catalogue.get(request.collectionName)
  const modification = readModification(engine, filter, data, request.merge, nowMs)
  return {
    collection: request.collectionName,
    query: toQuery(filter),
    multi: request.multi,
    change: modification.change,
    insertIfNone: request.upsert ? modification.create : undefined,
  }
}
