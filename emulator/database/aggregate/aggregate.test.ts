import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '../test-support/open.ts'

const { database, add, aggregate } = openDatabase()

beforeAll(async () => {
  await database.createCollection('orders')
  await database.createCollection('users')
  await database.createCollection('many')
  await add('orders', [
    {
      _id: 1,
      user: 'a',
      n: 5,
      price: 3.5,
      at: new Date(Date.UTC(2025, 0, 1)),
      tags: ['x', 'y'],
      o: { b: 1 },
    },
    { _id: 2, user: 'b', n: 7, tags: [], at: new Date(Date.UTC(2025, 1, 1, 3)) },
    { _id: 3, user: 'a', n: null, tags: ['x'] },
    { _id: 4, n: 1 },
  ])
  await add('users', [
    { _id: 'a', name: 'Ann', age: 30 },
    { _id: 'b', name: 'Bob', age: 20 },
  ])
  await add(
    'many',
    Array.from({ length: 50 }, (_, n) => ({ _id: n })),
  )
})
afterAll(() => database.stop())

describe('stages', () => {
  const cases: [title: string, pipeline: Parameters<typeof aggregate>[1], expected: unknown][] = [
    [
      '$match, $sort, $skip and $limit',
      [
        { $match: { n: { $gte: 1 } } },
        { $sort: { n: -1 } },
        { $skip: 1 },
        { $limit: 1 },
        { $project: { n: 1 } },
      ],
      [{ _id: 1, n: 5 }],
    ],
    [
      '$group with accumulators',
      [
        {
          $group: {
            _id: '$user',
            sum: { $sum: '$n' },
            count: { $sum: 1 },
            all: { $push: '$n' },
            max: { $max: '$n' },
          },
        },
        { $sort: { _id: 1 } },
      ],
      [
        { _id: null, sum: 1, count: 1, all: [1], max: 1 },
        { _id: 'a', sum: 5, count: 2, all: [5, null], max: 5 },
        { _id: 'b', sum: 7, count: 1, all: [7], max: 7 },
      ],
    ],
    [
      '$unwind drops documents without elements',
      [{ $unwind: '$tags' }, { $project: { tags: 1 } }],
      [
        { _id: 1, tags: 'x' },
        { _id: 1, tags: 'y' },
        { _id: 3, tags: 'x' },
      ],
    ],
    [
      'parts of a missing date are null',
      [{ $project: { m: { $month: '$at' } } }],
      [
        { _id: 1, m: 1 },
        { _id: 2, m: 2 },
        { _id: 3, m: null },
        { _id: 4, m: null },
      ],
    ],
    [
      '$dateToString in a time zone',
      [
        { $match: { _id: 2 } },
        {
          $project: {
            d: { $dateToString: { date: '$at', format: '%Y-%m-%d %H', timezone: 'Asia/Shanghai' } },
          },
        },
      ],
      [{ _id: 2, d: '2025-02-01 11' }],
    ],
    ['$count', [{ $match: { user: 'a' } }, { $count: 'total' }], [{ total: 2 }]],
    ['$sortByCount', [{ $sortByCount: '$user' }, { $limit: 1 }], [{ _id: 'a', count: 2 }]],
    [
      '$bucket',
      [{ $bucket: { groupBy: '$n', boundaries: [0, 5, 10], default: 'other' } }],
      [
        { _id: 0, count: 1 },
        { _id: 5, count: 2 },
        { _id: 'other', count: 1 },
      ],
    ],
    [
      '$addFields and $replaceRoot',
      [
        { $match: { _id: 1 } },
        { $addFields: { 'o.c': { $add: ['$n', 1] } } },
        { $replaceRoot: { newRoot: '$o' } },
      ],
      [{ b: 1, c: 6 }],
    ],
    [
      '$lookup by fields, in the order of the other collection',
      [
        { $lookup: { from: 'users', localField: 'user', foreignField: '_id', as: 'who' } },
        { $project: { 'who.name': 1 } },
      ],
      [
        { _id: 1, who: [{ name: 'Ann' }] },
        { _id: 2, who: [{ name: 'Bob' }] },
        { _id: 3, who: [{ name: 'Ann' }] },
        { _id: 4, who: [] },
      ],
    ],
    [
      '$lookup by a pipeline with variables',
      [
        { $match: { _id: 1 } },
        {
          $lookup: {
            from: 'users',
            let: { wanted: '$user', least: 25 },
            pipeline: [
              { $match: { $expr: { $and: [{ $eq: ['$_id', '$$wanted'] }, { $gte: ['$age', '$$least'] }] } } },
              { $project: { _id: 0, name: 1 } },
            ],
            as: 'o.who',
          },
        },
        { $project: { o: 1 } },
      ],
      [{ _id: 1, o: { b: 1, who: [{ name: 'Ann' }] } }],
    ],
  ]
  it.each(cases)('%s', async (_title, pipeline, expected) => {
    expect(await aggregate('orders', pipeline)).toEqual(expected)
  })

  it('$lookup on a field without index finds elements of arrays, each document once', async () => {
    const result = await aggregate('users', [
      { $match: { _id: 'a' } },
      { $lookup: { from: 'orders', localField: '_id', foreignField: 'user', as: 'orders' } },
      { $project: { ids: '$orders._id' } },
    ])
    expect(result).toEqual([{ _id: 'a', ids: [1, 3] }])
  })

  it('$sample never gives a document twice', async () => {
    const result = await aggregate('many', [{ $sample: { size: 40 } }, { $limit: 40 }])
    expect(new Set(result.map(({ _id }) => _id)).size).toBe(40)
  })
})

describe('the result', () => {
  it('has at most 20 documents unless the pipeline limits it', async () => {
    expect(await aggregate('many', [])).toHaveLength(20)
    expect(await aggregate('many', [{ $limit: 35 }])).toHaveLength(35)
    expect(await aggregate('many', [{ $group: { _id: null, n: { $sum: 1 } } }])).toEqual([
      { _id: null, n: 50 },
    ])
  })
})

describe('refusals', () => {
  const cases: [title: string, pipeline: Parameters<typeof aggregate>[1], code: string][] = [
    ['an unknown stage', [{ $foo: 1 }], 'DATABASE_REQUEST_FAILED'],
    ['a stage that writes', [{ $out: 'users' }], 'NOT_EMULATED'],
    ['an unknown operator', [{ $project: { a: { $foo: 1 } } }], 'DATABASE_REQUEST_FAILED'],
    [
      'a lookup in a missing collection',
      [{ $lookup: { from: 'none', localField: 'a', foreignField: 'b', as: 'c' } }],
      'DATABASE_COLLECTION_NOT_EXIST',
    ],
    ['a limit of zero', [{ $limit: 0 }], 'DATABASE_REQUEST_FAILED'],
  ]
  it.each(cases)('of %s', async (_title, pipeline, code) => {
    await expect(aggregate('orders', pipeline)).rejects.toMatchObject({ code })
  })
})
