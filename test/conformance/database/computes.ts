import type { StoredDoc } from '../../support/raw-collection.ts'
import type { DatabaseCase } from './case.ts'

/** `_.aggregate`, whose operators all take one operand and give an expression. */
export type Expressions = Record<string, (operand: unknown) => object>

/** The value of an expression on one document; undefined when the field is missing from the result. */
export function computes(
  item: StoredDoc,
  name: string,
  expression: (_: Expressions) => unknown,
  value: unknown,
): DatabaseCase {
  return { name, items: [item], run: project(expression), returns: value }
}

/** An expression that the server refuses. */
export function refuses(
  item: StoredDoc,
  name: string,
  expression: (_: Expressions) => unknown,
  errMsg: RegExp,
): DatabaseCase {
  return { name, items: [item], run: project(expression), fails: { errMsg, code: 'DATABASE_REQUEST_FAILED' } }
}

function project(expression: (_: Expressions) => unknown): DatabaseCase['run'] {
  return async (db, _) => {
    // The package's types name no common type of its operators.
    const operators = _.aggregate as unknown as Expressions
    const { list } = await db
      .collection('items')
      .aggregate()
      .project({ _id: 0, v: expression(operators) })
      .end()
    const [row] = list as { v?: unknown }[]
    return row?.v
  }
}
