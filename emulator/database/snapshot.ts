/** The whole content as plain data: collections, indexes and documents as EJSON texts in order of insertion. */
import * as z from 'zod'
import { assertId } from './actions/insert-document.ts'
import { ID_INDEX } from './catalogue.ts'
import { addIndex } from './collections.ts'
import { parseDocument } from './ejson.ts'
import type { Engine } from './engine.ts'
import { invalidParam } from './errors.ts'
import { assertCollectionName } from './limits.ts'
import { fieldOf } from './values.ts'

const indexDefinition = z.object({
  name: z.string(),
  unique: z.boolean().optional(),
  fields: z.array(
    z.object({ path: z.string(), direction: z.union([z.literal(1), z.literal(-1), z.literal('2dsphere')]) }),
  ),
})

const snapshotSchema = z.object({
  collections: z.array(
    z.object({ name: z.string(), indexes: z.array(indexDefinition), documents: z.array(z.string()) }),
  ),
})

export type DatabaseSnapshot = z.output<typeof snapshotSchema>

export function exportAll({ store }: Engine): DatabaseSnapshot {
  const { view, release } = store.snapshot()
  try {
    const collections = store.catalogue.all().map((collection) => ({
      name: collection.name,
      indexes: collection.indexes.slice(1).map(({ definition }) => definition),
      documents: Array.from(store.scan(collection, view), ({ text }) => text),
    }))
    return { collections }
  } finally {
    release()
  }
}

/** Replaces everything in one commit: the old content stays when the snapshot is refused. */
export async function importAll(engine: Engine, snapshot: unknown): Promise<void> {
  const parsed = snapshotSchema.safeParse(snapshot)
  if (!parsed.success) throw invalidParam(`not a snapshot of the database: ${z.prettifyError(parsed.error)}`)
  engine.transactions.abortAll('has been aborted: the database was replaced')
  await engine.writer.writeAlone((batch) => {
    batch.clear()
    for (const { name, indexes, documents } of parsed.data.collections) {
      assertCollectionName(name)
      batch.create(name)
      for (const definition of indexes)
        if (definition.name !== ID_INDEX.name) addIndex(batch, name, definition)
      for (const text of documents) {
        const after = parseDocument(text, `document of ${name}`)
        assertId(fieldOf(after, '_id') ?? null)
        batch.apply([[name, [{ kind: 'insert', after }]]])
      }
    }
  })
}

export async function reset(engine: Engine): Promise<void> {
  engine.transactions.abortAll('has been aborted: the database was reset')
  await engine.writer.writeAlone((batch) => batch.clear())
}
