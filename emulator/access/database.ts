/** The database actions that clients have, and what becomes of each under the rules. */
import { WireError } from '../core/errors.ts'
import type { DatabaseAction } from './action.ts'
import { aggregateDocuments } from './aggregate.ts'
import { calculateDocument, getDocument } from './read.ts'
import { insertDocument, modifyDocument, removeDocument } from './write.ts'

/** Neither transactions nor collections: those are for functions (lib.wx.cloud.d.ts `DB.Database`). */
const actions: Record<string, DatabaseAction> = {
  'database.getDocument': getDocument,
  'database.calculateDocument': calculateDocument,
  'database.aggregateDocuments': aggregateDocuments,
  'database.insertDocument': insertDocument,
  'database.modifyDocument': modifyDocument,
  'database.removeDocument': removeDocument,
}

/** @throws WireError for what clients have not, whoever they are */
export function getDatabaseAction(action: string): DatabaseAction {
  const run = Object.hasOwn(actions, action) ? actions[action] : undefined
  if (!run) throw new WireError('DATABASE_PERMISSION_DENIED', `${action} is not offered to clients`)
  return (deps, body, client) => {
    if (body.transactionId !== undefined) {
      throw new WireError('DATABASE_PERMISSION_DENIED', 'transactions are not offered to clients')
    }
    return run(deps, body, client)
  }
}
