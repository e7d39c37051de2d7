/** $expr: an aggregation expression as a condition. */
import { Query } from 'mingo'
import { requestFailed } from '../errors.ts'
import { type Plain, toPlain } from '../plain.ts'
import type { Document, Value } from '../values.ts'

export type Variables = Record<string, Plain>

export function expressionTest(condition: Value, variables: Variables = {}): (document: Document) => boolean {
  const query = refusing(() => new Query({ $expr: toPlain(condition) }, { variables }))
  // toPlain of a document is a document.
  return (document) => refusing(() => query.test(toPlain(document) as Record<string, unknown>))
}

/** Mingo's complaints about an expression are the caller's fault, not ours. */
function refusing<T>(evaluate: () => T): T {
  try {
    return evaluate()
  } catch (error) {
    throw requestFailed(error instanceof Error ? error.message : String(error))
  }
}
