/** $redact: keeps, drops, or looks deeper into documents within documents. Mingo looks deeper below a `$cond` only. */
import { requestFailed } from '../errors.ts'
import type { Variables } from '../expression/context.ts'
import { type Document, isDocument, type MaybeValue, type Value } from '../values.ts'
import { evaluate } from './mingo.ts'

export function redact(document: Document, expression: Value, variables?: Variables): Document | undefined {
  switch (evaluate(document, expression, variables)) {
    case '$$KEEP':
      return document
    case '$$PRUNE':
      return undefined
    case '$$DESCEND': {
      const kept: Document = {}
      for (const [field, value] of Object.entries(document)) {
        const inner = within(value, expression, variables)
        if (inner !== undefined) kept[field] = inner
      }
      return kept
    }
  }
  throw requestFailed('$redact must evaluate to $$DESCEND, $$PRUNE or $$KEEP')
}

function within(value: Value, expression: Value, variables?: Variables): MaybeValue {
  if (Array.isArray(value)) {
    return value.map((item) => within(item, expression, variables)).filter((item) => item !== undefined)
  }
  return isDocument(value) ? redact(value, expression, variables) : value
}
