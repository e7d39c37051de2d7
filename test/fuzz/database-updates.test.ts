import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../emulator/core/faults.ts'
import type { Database } from '../../emulator/database/index.ts'
import { createGenerator } from './generator.ts'
import { encode, openIndexedCollections, read, singleIndexes } from './indexed-collections.ts'
import { matches } from './reference/matches.ts'
import { Refused, update } from './reference/update.ts'
import type { Doc } from './reference/values.ts'

const PAIRS = 10_000
const DOCUMENTS = 50
const QUERIES = 8

describe('updates of random documents', () => {
  it('make what the manual says, and leave every index true', { timeout: 240_000 }, async () => {
    const generator = createGenerator(seededRandom(12))
    let refused = 0
    for (let round = 0; round < PAIRS / DOCUMENTS; round++) {
      const documents = Array.from({ length: DOCUMENTS }, (_, _id): Doc => ({ _id, ...generator.document() }))
      const collections = await openIndexedCollections(documents, singleIndexes)
      try {
        const current: Doc[] = []
        for (const before of documents) {
          const change = generator.update()
          const expected = attempt(before, change)
          if (expected === undefined) refused += 1
          current.push(expected ?? before)
          for (const name of collections.names) {
            const about = `${name} ${encode(before)} ${encode(change)}`
            const outcome = await modify(collections.database, name, before, change)
            const changed = expected && encode(expected) !== encode(before) ? 1 : 0
            expect(outcome, about).toBe(expected ? changed : 'DATABASE_REQUEST_FAILED')
          }
        }
        await assertSame(collections, current, () => generator.query())
      } finally {
        await collections.stop()
      }
    }
    // Both sides must have something to do.
    expect(refused).toBeGreaterThan(PAIRS / 20)
    expect(refused).toBeLessThan(PAIRS / 2)
  })
})

function attempt(before: Doc, change: Doc): Doc | undefined {
  try {
    return update(before, change)
  } catch (error) {
    if (error instanceof Refused) return undefined
    throw error
  }
}

/** How many documents changed, or the code of the refusal. */
async function modify(
  database: Database,
  collectionName: string,
  { _id = null }: Doc,
  change: Doc,
): Promise<unknown> {
  const body = { collectionName, query: encode({ _id }), data: encode(change) }
  return database.handle('database.modifyDocument', body, {}).then(
    ({ data }) => Object(data).updated,
    (error: unknown) => Object(error).code,
  )
}

async function assertSame(
  { database, names }: { database: Database; names: string[] },
  current: Doc[],
  newQuery: () => Doc,
): Promise<void> {
  for (const collectionName of names) {
    const stored = await read(database, { collectionName, order: '{"_id":1}' })
    expect(stored.map(encode), collectionName).toEqual(current.map(encode))
  }
  for (let n = 0; n < QUERIES; n++) {
    const query = newQuery()
    const expected = current.filter((document) => matches(document, query)).map(({ _id }) => _id)
    for (const collectionName of names) {
      const found = await read(database, { collectionName, query: encode(query) })
      const ids = found.map(({ _id }) => Number(_id)).sort((a, b) => a - b)
      expect(ids, `${collectionName} ${encode(query)}`).toEqual(expected)
    }
  }
}
