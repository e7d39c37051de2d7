/** $expr: an aggregation expression as a condition. */
import { Query } from 'mingo'
import { requestFailed } from '../errors.ts'
import { toPlain } from '../plain.ts'
import type { Document, Value } from '../values.ts'

export function expressionTest(condition: Value): (document: Document) => boolean {
  try {
    const query = new Query({ $expr: toPlain(condition) }, {})
    // toPlain of a document is a document.
    return (document) => query.test(toPlain(document) as Record<string, unknown>)
  } catch (error) {
    throw requestFailed(error instanceof Error ? error.message : String(error))
  }
}
