/** database.modifyAndReturnDoc: `where().updateAndReturn()`, which changes the first match and hands it out. */
import * as z from 'zod'
import { parseDocument, stringify } from '../ejson.ts'
import { toQuery } from '../find.ts'
import { changeMatching } from '../write.ts'
import { changeInTransaction } from '../write-in-transaction.ts'
import type { Action } from './action.ts'
import { collectionName, ejsonText, parseBody, readFilter } from './fields.ts'
import { readModification } from './modification.ts'

const body = z.object({
  collectionName,
  query: ejsonText,
  data: z.string(),
  transactionId: z.string().optional(),
})

export const modifyAndReturnDoc: Action = async (engine, raw, caller) => {
  const request = parseBody(body, raw)
  const nowMs = engine.clock.nowMs()
  const filter = readFilter(request.query, nowMs)
  engine.store.catalogue.get(request.collectionName)
  const { change } = readModification(engine, filter, parseDocument(request.data, 'data', nowMs), true, nowMs)
  const changeRequest = { collection: request.collectionName, query: toQuery(filter), multi: false, change }
  const { changed, last } = request.transactionId
    ? changeInTransaction(engine, request.transactionId, changeRequest)
    : await changeMatching(engine, changeRequest, caller)
  return { data: { updated: changed, doc: last ? stringify(last) : null } }
}
