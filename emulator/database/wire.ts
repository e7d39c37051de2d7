/** The admin wire: which action is carried out by which file. */
import { notEmulated, WireError } from '../core/errors.ts'
import type { Action } from './actions/action.ts'
import { addCollection } from './actions/add-collection.ts'
import { aggregateDocuments } from './actions/aggregate-documents.ts'
import { calculateDocument } from './actions/calculate-document.ts'
import { getDocument } from './actions/get-document.ts'
import { insertDocument } from './actions/insert-document.ts'
import { modifyAndReturnDoc } from './actions/modify-and-return-doc.ts'
import { modifyDocument } from './actions/modify-document.ts'
import { removeDocument } from './actions/remove-document.ts'
import { abortTransaction, commitTransaction, startTransaction } from './actions/transaction.ts'
import type { Caller, Engine } from './engine.ts'
import { TransactionConflict } from './errors.ts'
import { CONFLICT_HELD_BACK_MS } from './limits.ts'

const actions: Record<string, Action> = {
  'database.getDocument': getDocument,
  'database.calculateDocument': calculateDocument,
  'database.insertDocument': insertDocument,
  'database.modifyDocument': modifyDocument,
  'database.modifyAndReturnDoc': modifyAndReturnDoc,
  'database.removeDocument': removeDocument,
  'database.aggregateDocuments': aggregateDocuments,
  'database.addCollection': addCollection,
  'database.startTransaction': startTransaction,
  'database.commitTransaction': commitTransaction,
  'database.abortTransaction': abortTransaction,
}

export async function dispatch(
  engine: Engine,
  action: string,
  body: Record<string, unknown>,
  caller: Caller,
): Promise<Record<string, unknown>> {
  const run = Object.hasOwn(actions, action) ? actions[action] : undefined
  if (!run) throw notEmulated(action)
  try {
    if (run !== addCollection) await engine.missingCollections.prepare(engine, body.collectionName)
    return await run(engine, body, caller)
  } catch (error) {
    if (isCollectionMissing(error)) engine.missingCollections.report(body.collectionName)
    if (error instanceof TransactionConflict) await holdBack(engine, error)
    throw error
  }
}

/**
 * The transaction is over and holds nothing; its caller will try again. If all did so at once, most would meet again:
 * the news of a conflict comes when the other transaction has ended, to one caller after the other.
 */
async function holdBack({ locks }: Engine, { lock }: TransactionConflict): Promise<void> {
  if (lock !== undefined) await locks.standInLine(lock, CONFLICT_HELD_BACK_MS)
  // A caller that tries again without a pause must not starve the commit it conflicts with.
  else await new Promise((resolve) => setImmediate(resolve))
}

function isCollectionMissing(error: unknown): boolean {
  return error instanceof WireError && error.code === 'DATABASE_COLLECTION_NOT_EXIST'
}
