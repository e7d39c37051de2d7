/** What `update` and `set` make of a document, and what they insert when there is none. */
import type { Mutation } from '../batch.ts'
import { stringify } from '../ejson.ts'
import type { Engine } from '../engine.ts'
import { requestFailed } from '../errors.ts'
import { setAt, splitPath } from '../paths.ts'
import { conditionsOf } from '../plan/bounds.ts'
import { compileUpdate } from '../update/apply.ts'
import { type Document, fieldOf } from '../values.ts'

export interface Modification {
  /** Undefined when the document stays as it is: `updated` counts changed documents. */
  change: (before: Document) => Pick<Mutation, 'kind' | 'after'> | undefined
  create: () => Document
}

/** @param merge true for operators (`update`), false for a whole document (`set`). */
export function readModification(
  engine: Engine,
  filter: Document,
  data: Document,
  merge: boolean,
  nowMs: number,
): Modification {
  if (!merge) return replacement(engine, filter, data)
  const update = compileUpdate(data)
  return {
    change(before) {
      const after = update.apply(before, { nowMs, filter })
      return stringify(after) === stringify(before) ? undefined : { kind: 'update', after }
    },
    create() {
      const seed = withId(engine, seedOf(filter))
      return withId(engine, update.apply(seed, { nowMs, filter, isInsert: true }))
    },
  }
}

function replacement(engine: Engine, filter: Document, data: Document): Modification {
  const operator = Object.keys(data).find((key) => key.startsWith('$'))
  if (operator !== undefined) {
    throw requestFailed(
      `The dollar ($) prefixed field '${operator}' in '${operator}' is not valid for storage.`,
    )
  }
  const { _id: ownId, ...rest } = data
  return {
    change(before) {
      const id = fieldOf(before, '_id') ?? null
      if (ownId !== undefined && stringify(ownId) !== stringify(id)) {
        throw requestFailed(
          "After applying the update, the (immutable) field '_id' was found to have been altered",
        )
      }
      const after = { _id: id, ...rest }
      return stringify(after) === stringify(before) ? undefined : { kind: 'replace', after }
    },
    create: () =>
      withId(engine, { ...rest, ...(ownId === undefined ? {} : { _id: ownId }) }, seedOf(filter)._id),
  }
}

/** What the query says a document equals is what an upsert begins with. */
function seedOf(filter: Document): Document {
  const seed: Document = {}
  for (const condition of conditionsOf(filter)) {
    const [value, ...others] = condition.kind === 'points' ? condition.values : []
    if (value !== undefined && others.length === 0) setAt(seed, splitPath(condition.path), value)
  }
  return seed
}

function withId(engine: Engine, document: Document, fallback = document._id): Document {
  const { _id, ...rest } = document
  return { _id: _id ?? fallback ?? engine.ids.hex(16), ...rest }
}
