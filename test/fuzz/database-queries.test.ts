import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../emulator/core/faults.ts'
import type { Database } from '../../emulator/database/index.ts'
import { createGenerator, type Order } from './generator.ts'
import { encode, mixedIndexes, openIndexedCollections, read } from './indexed-collections.ts'
import { compareKeys, matches, sortKey } from './reference/matches.ts'
import { compare, type Doc } from './reference/values.ts'

const PAIRS = 10_000
const DOCUMENTS = 25
const QUERIES = 50
const ROUNDS = PAIRS / QUERIES

describe('queries on random documents', () => {
  it('give what a straightforward look at every document gives, with and without each index', {
    timeout: 240_000,
  }, async () => {
    const generator = createGenerator(seededRandom(11))
    let pairs = 0
    let nonempty = 0
    for (let round = 0; round < ROUNDS; round++) {
      const documents = Array.from({ length: DOCUMENTS }, (_, _id): Doc => ({ _id, ...generator.document() }))
      const collections = await openIndexedCollections(documents, mixedIndexes)
      try {
        for (let n = 0; n < QUERIES; n++) {
          const [query, order] = [generator.query(), generator.order()]
          const expected = documents.filter((document) => matches(document, query))
          pairs += 1
          if (expected.length > 0 && expected.length < documents.length) nonempty += 1
          for (const name of collections.names) {
            await assertFound(collections.database, name, { documents, expected, query, order })
          }
        }
      } finally {
        await collections.stop()
      }
    }
    expect(pairs).toBe(PAIRS)
    // Queries that find all or nothing prove little.
    expect(nonempty).toBeGreaterThan(PAIRS / 4)
  })
})

async function assertFound(
  database: Database,
  collectionName: string,
  { documents, expected, query, order }: { documents: Doc[]; expected: Doc[]; query: Doc; order: Order },
): Promise<void> {
  const body = { collectionName, query: encode(query) }
  const about = `${collectionName} ${encode(query)} ${JSON.stringify(order)}`
  const ids = (found: Doc[]) => found.map(({ _id }) => Number(_id)).sort((a, b) => a - b)
  expect(ids(await read(database, body)), about).toEqual(ids(expected))
  if (order.length === 0) {
    const { data } = await database.handle('database.calculateDocument', body, {})
    expect(Object(data).total, about).toBe(expected.length)
    return
  }

  // Equal keys may come in any order, so keys are compared, not documents.
  const keyOf = ({ _id }: Doc) => {
    const document = documents[Number(_id)] ?? {}
    return order.map(([path, direction]) => sortKey(document, path, direction) ?? null)
  }
  const inOrder = expected.toSorted((a, b) => {
    for (const [path, direction] of order) {
      const result = compareKeys(sortKey(a, path, direction), sortKey(b, path, direction)) * direction
      if (result !== 0) return result
    }
    return 0
  })
  const [offset, limit] = [2, 7]
  const sorted = JSON.stringify(Object.fromEntries(order))
  const page = await read(database, { ...body, order: sorted, offset, limit })
  expect(page.map(keyOf), about).toEqual(inOrder.slice(offset, offset + limit).map(keyOf))
  for (const { _id } of page)
    expect(
      expected.some((each) => compare(each._id, _id) === 0),
      about,
    ).toBe(true)
}
