/** $expr: an aggregation expression as a condition. */
import { Query } from 'mingo/query'
import { mingoOptions, refusing, type Variables } from '../expression/context.ts'
import { withNow } from '../expression/now.ts'
import { toPlain } from '../plain.ts'
import type { Document, Value } from '../values.ts'

export function expressionTest(condition: Value, variables?: Variables): (document: Document) => boolean {
  const query = refusing(
    () => new Query({ $expr: withNow(toPlain(condition), variables) }, mingoOptions(variables)),
  )
  // toPlain of a document is a document.
  return (document) => refusing(() => query.test(toPlain(document) as Record<string, unknown>))
}
