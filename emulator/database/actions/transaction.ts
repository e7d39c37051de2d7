/** database.startTransaction, commitTransaction, abortTransaction. */
import * as z from 'zod'
import type { Action } from './action.ts'
import { parseBody } from './fields.ts'

const body = z.object({ transactionId: z.string().min(1) })

// The id stands beside `data`, not in it (node-sdk reads it from the top of the reply).
export const startTransaction: Action = async (engine, _raw, caller) => ({
  transactionId: engine.transactions.start(caller.invocationId),
})

export const commitTransaction: Action = async (engine, raw) => {
  await engine.transactions.commit(parseBody(body, raw).transactionId)
  return { data: {} }
}

export const abortTransaction: Action = async (engine, raw) => {
  engine.transactions.abort(parseBody(body, raw).transactionId)
  return { data: {} }
}
