import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { IndexDefinition } from '../catalogue.ts'
import { parseDocument, stringify } from '../ejson.ts'
import { orderKey, parseOrder } from '../order.ts'
import { compileQuery } from '../query/compile.ts'
import { openDatabase } from '../test-support/open.ts'
import { type Document, equal, fieldOf, type Value } from '../values.ts'

const definitions: IndexDefinition[] = [
  { name: 'a', fields: [{ path: 'a', direction: 1 }] },
  { name: 'b_desc', fields: [{ path: 'b', direction: -1 }] },
  {
    name: 'a_b',
    fields: [
      { path: 'a', direction: 1 },
      { path: 'b', direction: -1 },
    ],
  },
  {
    name: 'c_b',
    fields: [
      { path: 'c.x', direction: -1 },
      { path: 'b', direction: 1 },
    ],
  },
]

const scalar: fc.Arbitrary<Value> = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom(0.5, -1.5, Number.NaN, 2 ** 40),
  fc.constantFrom('', 'a', 'ab', 'b', 'a\u0000', '\u4e2d', '\u{1f600}', '\uffee'),
  fc.constantFrom(null, true, false),
  fc.integer({ min: -2, max: 2 }).map((ms) => new Date(ms)),
  fc.constantFrom<Value>({}, { x: 1 }, { y: 1, x: 1 }),
)
const value = fc.oneof({ weight: 4, arbitrary: scalar }, fc.array(scalar, { maxLength: 3 }))
const field = (arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined, freq: 5 })
const inner = fc.oneof<fc.Arbitrary<Value>[]>(
  scalar,
  value.map((x) => ({ x })),
  fc.array(
    fc.oneof(
      scalar,
      value.map((x) => ({ x })),
    ),
    { maxLength: 3 },
  ),
)
const anyDocument = fc
  .record({ a: field(value), b: field(scalar), c: field(inner) })
  .map((fields): Document => {
    const document: Document = {}
    for (const [name, each] of Object.entries(fields)) if (each !== undefined) document[name] = each
    return document
  })

const path = fc.constantFrom('a', 'b', 'c.x', 'c')
const condition: fc.Arbitrary<Value> = fc.oneof(
  scalar,
  value.map((each) => ({ $eq: each })),
  fc
    .record({ operator: fc.constantFrom('$gt', '$gte', '$lt', '$lte', '$ne'), operand: scalar })
    .map(({ operator, operand }): Document => ({ [operator]: operand })),
  fc.tuple(scalar, scalar).map(([low, high]) => ({ $gte: low, $lt: high })),
  fc.array(scalar, { maxLength: 4 }).map((list) => ({ $in: list })),
  fc.array(scalar, { minLength: 1, maxLength: 2 }).map((list) => ({ $all: list })),
  fc.boolean().map((isThere) => ({ $exists: isThere })),
  scalar.map((operand) => ({ $elemMatch: { $gte: operand } })),
)
const simple = fc
  .array(fc.tuple(path, condition), { maxLength: 3 })
  .map((parts): Document => Object.fromEntries(parts))
const anyQuery: fc.Arbitrary<Document> = fc.oneof(
  { weight: 4, arbitrary: simple },
  fc.array(simple, { minLength: 1, maxLength: 3 }).map((parts) => ({ $or: parts })),
  fc.tuple(simple, simple).map(([x, y]) => ({ $and: [x, y] })),
  fc.tuple(simple, simple, simple).map(([x, y, z]) => ({ ...x, $and: [{ $or: [y, z] }] })),
)
const anyOrder = fc
  .array(fc.tuple(fc.constantFrom('a', 'b', 'c.x', '_id'), fc.constantFrom(1, -1)), { maxLength: 2 })
  .map((parts): Document => Object.fromEntries(parts))

describe('a planned query', () => {
  it('gives what a full scan gives, in the wanted order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyDocument, { minLength: 1, maxLength: 25 }),
        fc.array(fc.tuple(anyQuery, anyOrder), { minLength: 5, maxLength: 5 }),
        fc.shuffledSubarray(definitions),
        async (documents, queries, indexes) => {
          const { database, add, remove } = openDatabase()
          try {
            await database.createCollection('c')
            // Some indexes exist before the documents and some are built over them.
            await database.ensureIndexes('c', indexes.slice(0, 2))
            const stored = documents.map((document, _id): Document => ({ _id, ...document }))
            await add('c', stored)
            await database.ensureIndexes('c', indexes)
            await remove('c', { _id: { $gte: 20 } })
            const present = stored.filter(({ _id }) => Number(_id) < 20)
            for (const [query, order] of queries) await assertSame(database, present, query, order)
          } finally {
            await database.stop()
          }
        },
      ),
      { numRuns: 250 },
    )
  })

  async function assertSame(
    database: ReturnType<typeof openDatabase>['database'],
    documents: Document[],
    query: Document,
    order: Document,
  ): Promise<void> {
    const body = { collectionName: 'c', query: stringify(query), order: stringify(order) }
    const { data } = await database.handle('database.getDocument', body, {})
    const found = (data as { list: string[] }).list.map((text) => parseDocument(text, 'reply'))
    const test = compileQuery(query)
    const expected = documents.filter(test)
    const ids = (list: Document[]) => list.map((document) => fieldOf(document, '_id')).sort()
    expect(ids(found)).toEqual(ids(expected))
    const keys = found.map((document) => orderKey(parseOrder(order), document))
    keys.forEach((key, i) => {
      const previous = keys[i - 1]
      if (previous) expect(Buffer.compare(previous, key)).toBeLessThanOrEqual(0)
    })
    for (const document of found) {
      expect(
        equal(
          document,
          expected.find(({ _id }) => _id === document._id),
        ),
      ).toBe(true)
    }
  }
})

describe('the plan', () => {
  const { database, add, log } = openDatabase()
  const explain = (query: string, order?: string) => database.explain('c', query, order)

  beforeAll(async () => {
    await database.createCollection('c')
    await database.ensureIndexes('c', [
      {
        name: 'status_at',
        fields: [
          { path: 'status', direction: 1 },
          { path: 'at', direction: -1 },
        ],
      },
      { name: 'owner', fields: [{ path: 'owner', direction: 1 }] },
      { name: 'tags', fields: [{ path: 'tags', direction: 1 }] },
      { name: 'sku', unique: true, fields: [{ path: 'sku', direction: 1 }] },
    ])
    await add(
      'c',
      Array.from({ length: 1500 }, (_, n) => ({
        _id: n,
        status: n % 3,
        at: n,
        owner: `o${n}`,
        tags: [n, n + 1],
        sku: `s${n}`,
      })),
    )
  })
  afterAll(() => database.stop())

  it.each([
    ['an id', '{"_id":5}', undefined, ['_id_'], false],
    ['several ids', '{"_id":{"$in":[5,6]}}', undefined, ['_id_'], false],
    ['a range of ids in order', '{"_id":{"$gt":5}}', '{"_id":1}', ['_id_'], true],
    ['an equality', '{"owner":"o5"}', undefined, ['owner'], false],
    ['a prefix with its order', '{"status":1}', '{"at":-1}', ['status_at'], true],
    ['a prefix with its order turned round', '{"status":1}', '{"at":1}', ['status_at'], true],
    ['a prefix with a range', '{"status":1,"at":{"$gte":5}}', '{"at":1}', ['status_at'], true],
    ['a unique key before a prefix', '{"sku":"s1","status":1}', undefined, ['sku'], false],
    ['the narrower of two', '{"owner":"o5","status":1}', '{"at":-1}', ['owner'], false],
    ['branches of $or', '{"$or":[{"owner":"o5"},{"tags":7}]}', undefined, ['owner', 'tags'], false],
    [
      'branches of $or in order, merged',
      '{"$or":[{"status":0,"owner":{"$ne":"o5"}},{"status":2}]}',
      '{"at":-1}',
      ['status_at', 'status_at'],
      true,
    ],
    [
      '$or beside other conditions',
      '{"price":1,"$or":[{"owner":"o5"},{"sku":"s1"}]}',
      undefined,
      ['owner', 'sku'],
      false,
    ],
    ['$or within $and', '{"$and":[{"price":1},{"$or":[{"status":1}]}]}', '{"at":1}', ['status_at'], true],
    ['$in before the order, merged', '{"status":{"$in":[0,2]}}', '{"at":-1}', ['status_at'], true],
    [
      '$in on the field of the order',
      '{"status":{"$in":[0,2]}}',
      '{"status":1,"at":-1}',
      ['status_at'],
      true,
    ],
    [
      'a field with one value in the query, which in arrays is not one value for the order',
      '{"_id":{"$gt":5},"tags":7}',
      '{"tags":-1}',
      ['tags'],
      false,
    ],
    ['an order alone', '{}', '{"owner":-1}', ['owner'], true],
    ['elements of an array, which give no order', '{"tags":{"$gte":5}}', '{"tags":1}', ['tags'], false],
  ])('for %s uses the right index', (_title, query, order, indexes, sortedByIndex) => {
    expect(explain(query, order)).toMatchObject({ indexes, sortedByIndex })
  })

  it.each([
    ['an unknown field', '{"colour":"red"}', undefined, [{ path: 'colour', direction: 1 }]],
    ['a regular expression', '{"owner":{"$regex":"^o"}}', undefined, []],
    [
      'equality, order and range',
      '{"price":{"$gt":1},"colour":"red"}',
      '{"weight":-1}',
      [
        { path: 'colour', direction: 1 },
        { path: 'weight', direction: -1 },
        { path: 'price', direction: 1 },
      ],
    ],
  ])('for %s reads everything and suggests an index', (_title, query, order, suggestedIndex) => {
    expect(explain(query, order)).toMatchObject({ plan: 'collection', suggestedIndex })
  })

  it('warns once of a query that no index helps on a large collection', async () => {
    const body = { collectionName: 'c', query: '{"shape":"round"}' }
    await database.handle('database.getDocument', body, {})
    await database.handle('database.getDocument', body, {})
    const warnings = log.recent(
      ({ level, fields }) => level === 'warn' && JSON.stringify(fields).includes('"shape"'),
    )
    expect(warnings).toMatchObject([
      { source: 'database', fields: { collection: 'c', suggestedIndex: [{ path: 'shape', direction: 1 }] } },
    ])
  })
})
