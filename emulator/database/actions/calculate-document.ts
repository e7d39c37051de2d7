/** database.calculateDocument: `where().count()`. */
import * as z from 'zod'
import { toQuery } from '../find.ts'
import type { Action } from './action.ts'
import { collectionName, ejsonText, parseBody, readFilter } from './fields.ts'

const body = z.object({ collectionName, query: ejsonText })

export const calculateDocument: Action = async (engine, raw) => {
  const request = parseBody(body, raw)
  const query = toQuery(readFilter(request.query, engine.clock.nowMs()))
  const collection = engine.store.catalogue.get(request.collectionName)
  return { data: { total: engine.finder.count(collection, query, undefined) } }
}
