import { aggregateCases } from './aggregates.cases.ts'
import { arrayUpdateCases } from './array-updates.cases.ts'
import type { DatabaseCase } from './case.ts'
import { collectionCases } from './collections.cases.ts'
import { conflictCases } from './conflicts.cases.ts'
import { documentCases } from './documents.cases.ts'
import { expressionCases } from './expressions.cases.ts'
import { geoNearCases } from './geo-near.cases.ts'
import { geoShapeCases } from './geo-shapes.cases.ts'
import { groupCases } from './groups.cases.ts'
import { indexCases } from './indexes.cases.ts'
import { manyDocumentCases } from './many-documents.cases.ts'
import { operatorCases } from './operators.cases.ts'
import { orderAndProjectionCases } from './order-and-projection.cases.ts'
import { queryCases } from './queries.cases.ts'
import { readingCases } from './reading.cases.ts'
import { stageCases } from './stages.cases.ts'
import { textAndDateExpressionCases } from './text-and-date-expressions.cases.ts'
import { transactionCases } from './transactions.cases.ts'
import { updateOperatorCases } from './update-operators.cases.ts'
import { updateCases } from './updates.cases.ts'
import { valueCases } from './values.cases.ts'

/** The whole table, by theme. */
export const databaseCases: Record<string, readonly DatabaseCase[]> = {
  collections: collectionCases,
  documents: documentCases,
  'many documents': manyDocumentCases,
  reading: readingCases,
  'order and projection': orderAndProjectionCases,
  queries: queryCases,
  'query operators': operatorCases,
  updates: updateCases,
  'update operators': updateOperatorCases,
  'updates of arrays': arrayUpdateCases,
  values: valueCases,
  indexes: indexCases,
  'shapes on the earth': geoShapeCases,
  'distances on the earth': geoNearCases,
  aggregates: aggregateCases,
  groups: groupCases,
  stages: stageCases,
  expressions: expressionCases,
  'expressions on texts and dates': textAndDateExpressionCases,
  transactions: transactionCases,
  conflicts: conflictCases,
}
