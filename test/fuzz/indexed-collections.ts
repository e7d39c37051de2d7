/** The same documents in several collections: without an index, with each alone, and with all together. */
import { EJSON } from 'bson'
import { createClock } from '../../emulator/core/clock.ts'
import { createIds } from '../../emulator/core/ids.ts'
import { createLog } from '../../emulator/core/log.ts'
import { createDatabase, type Database, type IndexDefinition } from '../../emulator/database/index.ts'
import type { Doc } from './reference/values.ts'

const field = (path: string, direction: 1 | -1 = 1) => ({ path, direction })
export const mixedIndexes: IndexDefinition[] = [
  { name: 'a', fields: [field('a')] },
  { name: 'b_desc', fields: [field('b', -1)] },
  { name: 'a_b', fields: [field('a'), field('b', -1)] },
  { name: 'nested', fields: [field('c.x'), field('b')] },
  { name: 'deep_b', fields: [field('c.y.z', -1), field('b')] },
]
/** Of one field each, so that no update can put arrays into two fields of an index, which none may have. */
export const singleIndexes: IndexDefinition[] = ['a', 'b', 'c.x', 'c.y.z'].map((path, i) => ({
  name: path,
  fields: [field(path, i % 2 === 0 ? 1 : -1)],
}))

export interface IndexedCollections {
  database: Database
  names: string[]
  stop(): Promise<void>
}

export async function openIndexedCollections(
  documents: Doc[],
  indexes: IndexDefinition[],
): Promise<IndexedCollections> {
  const clock = createClock('manual', 0)
  const database = createDatabase({ dir: undefined, clock, ids: createIds(), log: createLog(clock.nowMs) })
  const names: string[] = []
  for (const [i, variant] of [[], ...indexes.map((index) => [index]), indexes].entries()) {
    const name = `v${i}`
    names.push(name)
    await database.createCollection(name)
    await database.ensureIndexes(name, variant)
    await database.handle(
      'database.insertDocument',
      { collectionName: name, data: documents.map(encode) },
      {},
    )
  }
  return { database, names, stop: () => database.stop() }
}

export function encode(value: Doc): string {
  return EJSON.stringify(value, { relaxed: false })
}

export async function read(database: Database, body: Record<string, unknown>): Promise<Doc[]> {
  const { data } = await database.handle('database.getDocument', body, {})
  // The reply of getDocument: EJSON texts of documents.
  return (Object(data).list as string[]).map((text) => EJSON.parse(text) as Doc)
}
