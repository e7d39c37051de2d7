/** The database's refusals, with the platform's codes and, where known, its words. */
import { WireError } from '../core/errors.ts'

export function collectionMissing(): WireError {
  return new WireError('DATABASE_COLLECTION_NOT_EXIST', 'Db or Table not exist. Please check your request')
}

export function collectionExists(): WireError {
  return new WireError(
    'DATABASE_COLLECTION_ALREADY_EXIST',
    '[ResourceUnavailable.ResourceExist] Table exist. Please check your request',
  )
}

export function invalidParam(message: string): WireError {
  return new WireError('INVALID_PARAM', message)
}

export function requestFailed(message: string): WireError {
  return new WireError('DATABASE_REQUEST_FAILED', message)
}

/** Two documents with one key of a unique index. */
export class DuplicateKey extends WireError {
  /** @param key the text MongoDB shows between braces: `sku: "a", size: 3` */
  constructor(collection: string, index: string, key: string) {
    super(
      'DATABASE_REQUEST_FAILED',
      `multiple write errors: [{write errors: [{E11000 duplicate key error collection: tnt-local.${collection} index: ${index} dup key: { ${key} }}]}, {<nil>}]`,
    )
  }
}

export class TransactionConflict extends WireError {
  /** @param lock key of the document that another transaction holds or has changed, when that is the reason */
  constructor(readonly lock?: string) {
    super(
      'DATABASE_TRANSACTION_CONFLICT',
      'WriteConflict: this operation conflicted with another operation. Please retry your operation or multi-document transaction.',
    )
  }
}

export function transactionGone(transactionId: string, reason: string): WireError {
  return new WireError('DATABASE_TRANSACTION_FAIL', `Transaction ${transactionId} ${reason}`)
}

export function lockTimeout(): WireError {
  return requestFailed('lock timeout: the document is locked by an open transaction')
}
