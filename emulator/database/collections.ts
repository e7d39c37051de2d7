/** Creating collections and indexes. */
import type { Batch } from './batch.ts'
import { assertIndexDefinition, type IndexDefinition } from './catalogue.ts'
import type { Engine } from './engine.ts'
import { assertCollectionName } from './limits.ts'

export async function createCollection(engine: Engine, name: string): Promise<void> {
  assertCollectionName(name)
  await engine.writer.write((batch) => {
    batch.create(name)
  })
}

/** Creates the indexes whose names are new; each is complete or absent, whatever happens in between. */
export async function ensureIndexes(
  engine: Engine,
  name: string,
  definitions: IndexDefinition[],
): Promise<void> {
  for (const definition of definitions) {
    await engine.writer.write((batch) => addIndex(batch, name, definition))
  }
}

export function addIndex(batch: Batch, name: string, definition: IndexDefinition): void {
  const collection = batch.get(name)
  if (collection.indexes.some((other) => other.name === definition.name)) return
  assertIndexDefinition(definition, collection.indexes.length)
  batch.addIndex(name, batch.store.catalogue.newIndex(definition))
}
