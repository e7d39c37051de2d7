/**
 * What an error of the database SDK means. wx-server-sdk drops the platform's code on document and collection
 * operations and keeps a number and a text; `startTransaction`, `commit` and `rollback` keep the code
 * (wx-server-sdk 4.0.2 `index.js`, `toSDKError` and the transaction wrapper).
 */
export function isDuplicateKey(error: unknown): boolean {
  return textOf(error).includes('E11000')
}

/** -501001 is what every code without a number of its own becomes; inside a transaction that is the write conflict. */
const UNKNOWN_CODE = -501001
const CONFLICT = 'DATABASE_TRANSACTION_CONFLICT'

export function isTransactionConflict(error: unknown): boolean {
  const { code, errCode } = fieldsOf(error)
  return code === CONFLICT || errCode === UNKNOWN_CODE || textOf(error).includes(CONFLICT)
}

function textOf(error: unknown): string {
  const { errMsg, message } = fieldsOf(error)
  return `${errMsg ?? ''} ${message ?? ''}`
}

function fieldsOf(error: unknown): {
  code?: unknown
  errCode?: unknown
  errMsg?: unknown
  message?: unknown
} {
  return typeof error === 'object' && error !== null ? error : {}
}
