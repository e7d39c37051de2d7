/** database.removeDocument: `where().remove()` and `doc().remove()`. */
import * as z from 'zod'
import { toQuery } from '../find.ts'
import { changeMatching } from '../write.ts'
import { changeInTransaction } from '../write-in-transaction.ts'
import type { Action } from './action.ts'
import { collectionName, ejsonText, parseBody, readFilter } from './fields.ts'

const body = z.object({
  collectionName,
  query: ejsonText,
  multi: z.boolean().default(true),
  transactionId: z.string().optional(),
})

export const removeDocument: Action = async (engine, raw, caller) => {
  const request = parseBody(body, raw)
  engine.store.catalogue.get(request.collectionName)
  const change = {
    collection: request.collectionName,
    query: toQuery(readFilter(request.query, engine.clock.nowMs())),
    multi: request.multi,
    change: () => ({ kind: 'remove' as const, after: undefined }),
  }
  const { changed } = request.transactionId
    ? changeInTransaction(engine, request.transactionId, change)
    : await changeMatching(engine, change, caller)
  return { data: { deleted: changed } }
}
