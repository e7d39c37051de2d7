/** The database actions that clients have, and what becomes of each under the rules. */
import { WireError } from '../core/errors.ts'
import type { Client } from '../core/identity.ts'
import type { DatabaseAction, DatabaseDeps } from './action.ts'
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

export function databaseActions(deps: DatabaseDeps) {
  return async (action: string, body: Record<string, unknown>, client: Client) => {
    const run = Object.hasOwn(actions, action) ? actions[action] : undefined
    if (!run) throw new WireError('DATABASE_PERMISSION_DENIED', `${action} is not offered to clients`)
    if (body.transactionId !== undefined) {
      throw new WireError('DATABASE_PERMISSION_DENIED', 'transactions are not offered to clients')
    }
    return run(deps, body, client)
  }
}
