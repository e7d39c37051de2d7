import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { openDatabase } from '../test-support/open.ts'
import type { Document } from '../values.ts'
import { placeOf, readNear } from './near.ts'

let all: ReturnType<typeof openDatabase>

afterEach(() => all.database.stop())

const lng = fc.oneof(fc.integer({ min: -180, max: 180 }), fc.double({ min: 113, max: 115, noNaN: true }))
const lat = fc.oneof(fc.integer({ min: -90, max: 90 }), fc.double({ min: 22, max: 24, noNaN: true }))
const position = fc.tuple(lng, lat)
const small = fc.tuple(
  fc.double({ min: -170, max: 170, noNaN: true }),
  fc.double({ min: -80, max: 80, noNaN: true }),
  fc.double({ min: 0.01, max: 8, noNaN: true }),
)
const polygon = small.map(([x, y, size]) => ({
  type: 'Polygon',
  coordinates: [
    [
      [x, y],
      [x + size, y],
      [x + size, y + size],
      [x, y + size],
      [x, y],
    ],
  ],
}))
const place = fc.oneof(
  { weight: 5, arbitrary: position.map((coordinates) => ({ type: 'Point', coordinates })) },
  polygon,
  small.map(([x, y, size]) => ({
    type: 'LineString',
    coordinates: [
      [x, y],
      [x + size, y + size / 2],
    ],
  })),
)
const condition = fc.oneof<fc.Arbitrary<Document>[]>(
  fc
    .tuple(position, fc.constantFrom(0.0001, 0.01, 0.1, 1, 3))
    .map(([centre, radius]) => ({ $geoWithin: { $centerSphere: [centre, radius] } })),
  polygon.map(($geometry) => ({ $geoWithin: { $geometry } })),
  fc.oneof(place, polygon).map(($geometry) => ({ $geoIntersects: { $geometry } })),
)

describe('a geo index', () => {
  it('finds what a full scan finds', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.option(place, { nil: undefined, freq: 8 }), { minLength: 1, maxLength: 30 }),
        fc.array(condition, { minLength: 6, maxLength: 6 }),
        async (places, conditions) => {
          all = openDatabase()
          for (const name of ['plain', 'indexed']) {
            await all.database.createCollection(name)
            await all.add(
              name,
              places.map((at, _id): Document => (at ? { _id, kind: _id % 2, at } : { _id, kind: _id % 2 })),
            )
          }
          await all.database.ensureIndexes('indexed', [
            { name: 'at', fields: [{ path: 'at', direction: '2dsphere' }] },
            {
              name: 'kind_at',
              fields: [
                { path: 'kind', direction: 1 },
                { path: 'at', direction: '2dsphere' },
              ],
            },
          ])
          for (const at of conditions) {
            const queries: Document[] = [{ at }, { at, kind: 1 }]
            for (const query of queries) {
              const order = { _id: 1 }
              const expected = await all.get('plain', query, { order })
              expect(await all.get('indexed', query, { order })).toEqual(expected)
            }
          }
          await all.database.stop()
        },
      ),
      { numRuns: 60 },
    )
  })

  it('gives the nearest first, as a sort of all distances does', async () => {
    const distances = fc.record(
      { $minDistance: fc.constantFrom(0, 1_000, 2_000_000), $maxDistance: fc.constantFrom(100, 50_000, 9e6) },
      { requiredKeys: [] },
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.option(place, { nil: undefined, freq: 8 }), { minLength: 1, maxLength: 40 }),
        position,
        distances,
        fc.nat(5),
        fc.integer({ min: 1, max: 8 }),
        async (places, coordinates, bounds, offset, limit) => {
          all = openDatabase()
          await all.database.createCollection('shops')
          await all.database.ensureIndexes('shops', [
            { name: 'at', fields: [{ path: 'at', direction: '2dsphere' }] },
          ])
          const documents = places.map((at, _id): Document => (at ? { _id, at } : { _id }))
          await all.add('shops', documents)
          const condition: Document = { $geometry: { type: 'Point', coordinates }, ...bounds }
          const near = readNear('at', '$near', { $near: condition })
          const distanceOf = (_id: unknown) => placeOf(near, documents[Number(_id)] ?? {})?.radians
          const expected = documents
            .map(({ _id }) => distanceOf(_id))
            .filter((radians) => radians !== undefined)
            .sort((a, b) => a - b)
          const found = await all.get('shops', { at: { $near: condition } }, { offset, limit })
          expect(found.map(({ _id }) => distanceOf(_id))).toEqual(expected.slice(offset, offset + limit))
          await all.database.stop()
        },
      ),
      { numRuns: 80 },
    )
  })

  it('must be there for $near', async () => {
    all = openDatabase()
    await all.database.createCollection('shops')
    const query = { at: { $near: { $geometry: { type: 'Point', coordinates: [113, 23] } } } }
    await expect(all.get('shops', query)).rejects.toMatchObject({
      code: 'DATABASE_REQUEST_FAILED',
      message: expect.stringContaining('unable to find index for $geoNear query'),
    })
  })

  it('is used for places, with what stands before them, and for nothing else', async () => {
    all = openDatabase()
    await all.database.createCollection('shops')
    await all.database.ensureIndexes('shops', [
      {
        name: 'open_at',
        fields: [
          { path: 'open', direction: 1 },
          { path: 'at', direction: '2dsphere' },
        ],
      },
    ])
    const near = { $geoWithin: { $centerSphere: [[113, 23], 0.001] } }
    const explain = (query: Document) => all.database.explain('shops', JSON.stringify(query))
    expect(explain({ open: true, at: near })).toMatchObject({ plan: 'index', indexes: ['open_at'] })
    expect(explain({ open: true })).toMatchObject({ plan: 'collection' })
  })

  it('refuses a document whose place is none', async () => {
    all = openDatabase()
    await all.database.createCollection('shops')
    await all.database.ensureIndexes('shops', [
      { name: 'at', fields: [{ path: 'at', direction: '2dsphere' }] },
    ])
    await expect(all.add('shops', [{ _id: 1, at: 'downtown' }])).rejects.toMatchObject({
      code: 'DATABASE_REQUEST_FAILED',
      message: expect.stringContaining("Can't extract geo keys"),
    })
    await all.add('shops', [{ _id: 2 }])
    expect(await all.count('shops')).toBe(1)
  })
})
