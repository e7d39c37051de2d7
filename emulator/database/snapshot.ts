/** The whole content as plain data: collections, indexes and documents as EJSON texts in order of insertion. */
import { ID_INDEX, type IndexDefinition } from './catalogue.ts'
import { createCollection, ensureIndexes } from './collections.ts'
import { parseDocument } from './ejson.ts'
import type { Engine } from './engine.ts'

export interface DatabaseSnapshot {
  collections: { name: string; indexes: IndexDefinition[]; documents: string[] }[]
}

export function exportAll({ store }: Engine): DatabaseSnapshot {
  const { view, release } = store.snapshot()
  try {
    const collections = store.catalogue.all().map((collection) => ({
      name: collection.name,
      indexes: [...collection.indexes.slice(1).map(({ definition }) => definition), ...collection.geoIndexes],
      documents: Array.from(store.scan(collection, view), ({ text }) => text),
    }))
    return { collections }
  } finally {
    release()
  }
}

const DOCUMENTS_PER_WRITE = 1_000

/** Replaces everything. Not atomic as a whole: a crash in between leaves a part of the import. */
export async function importAll(engine: Engine, snapshot: DatabaseSnapshot): Promise<void> {
  await reset(engine)
  for (const { name, indexes, documents } of snapshot.collections) {
    await createCollection(engine, name)
    await ensureIndexes(
      engine,
      name,
      indexes.filter((index) => index.name !== ID_INDEX.name),
    )
    for (let at = 0; at < documents.length; at += DOCUMENTS_PER_WRITE) {
      const mutations = documents
        .slice(at, at + DOCUMENTS_PER_WRITE)
        .map((text) => ({ kind: 'insert' as const, after: parseDocument(text, `document of ${name}`) }))
      await engine.writer.write((batch) => batch.apply([[name, mutations]]))
    }
  }
}

export async function reset(engine: Engine): Promise<void> {
  engine.transactions.abortAll('has been aborted: the database was reset')
  await engine.writer.write((batch) => batch.clear())
}
