/** database.addCollection: `createCollection()`. */
import * as z from 'zod'
import { createCollection } from '../collections.ts'
import type { Action } from './action.ts'
import { collectionName, parseBody } from './fields.ts'

const body = z.object({ collectionName })

export const addCollection: Action = async (engine, raw) => {
  await createCollection(engine, parseBody(body, raw).collectionName)
  return { data: {} }
}
