import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '../test-support/open.ts'
import type { Value } from '../values.ts'

const { database, add, aggregate } = openDatabase()
const at = new Date(Date.UTC(2025, 2, 9, 15, 4, 5, 678))
const date = (...parts: [number, number, number, number?]) => ({
  $date: { $numberLong: String(Date.UTC(...parts)) },
})

beforeAll(async () => {
  await database.createCollection('c')
  await database.createCollection('groups')
  await add('c', [
    {
      _id: 1,
      n: 5,
      f: 2.5,
      neg: -7,
      s: 'Héllo wörld',
      t: ['a', 'b', 'c'],
      nums: [3, 1, 2],
      o: { b: 1, c: { d: 2 } },
      arr: [
        { k: 'x', v: 1 },
        { k: 'y', v: 2 },
      ],
      at,
      nul: null,
      yes: true,
    },
  ])
  await add('groups', [
    { _id: 1, g: 1, v: 3 },
    { _id: 2, g: 1 },
    { _id: 3, g: 1, v: null },
    { _id: 4, g: null, v: 1 },
    { _id: 5, v: 2 },
  ])
})
afterAll(() => database.stop())

describe('an expression', () => {
  const cases: [expression: Value, expected: unknown][] = [
    ['$o.c.d', 2],
    ['$arr.k', ['x', 'y']],
    ['$missing', undefined],
    [{ $eq: ['$missing', null] }, false],
    [{ $eq: ['$nul', null] }, true],
    [{ $gt: ['$missing', null] }, false],
    [{ $lt: ['$missing', 0] }, true],
    [{ $lt: ['$n', 'a'] }, true],
    [{ $cmp: ['$n', 7] }, -1],
    [{ $ifNull: ['$missing', 'd'] }, 'd'],
    [{ $cond: { if: '$missing', then: 1, else: 2 } }, 2],
    [{ $switch: { branches: [{ case: { $gt: ['$n', 10] }, then: 'x' }], default: 'z' } }, 'z'],
    [{ $and: ['$yes', '$n'] }, true],
    [{ $not: ['$nul'] }, true],
    [{ $add: ['$n', 1, '$f'] }, 8.5],
    [{ $add: ['$n', '$nul'] }, null],
    [{ $subtract: ['$at', new Date(Date.UTC(2025, 2, 9))] }, 54_245_678],
    [{ $divide: ['$n', 2] }, 2.5],
    [{ $mod: ['$neg', 3] }, -1],
    [{ $trunc: '$f' }, 2],
    [{ $floor: -2.5 }, -3],
    [{ $pow: [2, 3] }, 8],
    [{ $arrayElemAt: ['$t', -1] }, 'c'],
    [{ $size: '$t' }, 3],
    [{ $slice: ['$t', 1, 1] }, ['b']],
    [{ $in: ['a', '$t'] }, true],
    [
      { $zip: { inputs: ['$t', '$nums'] } },
      [
        ['a', 3],
        ['b', 1],
        ['c', 2],
      ],
    ],
    [{ $map: { input: '$nums', as: 'x', in: { $multiply: ['$$x', 2] } } }, [6, 2, 4]],
    [{ $filter: { input: '$nums', as: 'x', cond: { $gte: ['$$x', 2] } } }, [3, 2]],
    [{ $reduce: { input: '$nums', initialValue: 0, in: { $add: ['$$value', '$$this'] } } }, 6],
    [{ $arrayToObject: '$arr' }, { x: 1, y: 2 }],
    [{ $mergeObjects: ['$o', { b: 9 }] }, { b: 9, c: { d: 2 } }],
    [{ $concat: ['$s', '$nul'] }, null],
    [{ $toUpper: '$s' }, 'HéLLO WöRLD'],
    [{ $toLower: '$nul' }, ''],
    [{ $indexOfCP: ['$s', 'l'] }, 2],
    [{ $indexOfCP: ['$s', 'z'] }, -1],
    [{ $indexOfBytes: ['$s', 'l'] }, 3],
    [{ $substrCP: ['$s', 1, 3] }, 'éll'],
    [{ $strLenBytes: '$s' }, 13],
    [{ $split: ['a-b', '-'] }, ['a', 'b']],
    [{ $week: '$at' }, 10],
    [{ $isoWeek: '$at' }, 10],
    [{ $dayOfWeek: '$at' }, 1],
    [{ $month: '$missing' }, null],
    [{ $hour: { date: '$at', timezone: 'Asia/Shanghai' } }, 23],
    [{ $dateToString: { date: '$at', format: '%Y-%m-%d %H', timezone: '+09:00' } }, '2025-03-10 00'],
    [{ $dateFromString: { dateString: '2025-03-09' } }, date(2025, 2, 9)],
    [{ $dateFromParts: { year: 2025, month: 3, day: 9, timezone: 'Asia/Shanghai' } }, date(2025, 2, 8, 16)],
    [{ $setDifference: ['$t', ['a']] }, ['b', 'c']],
    [{ $setEquals: ['$t', ['c', 'b', 'a']] }, true],
    [{ $literal: '$n' }, '$n'],
    [{ $let: { vars: { a: '$n' }, in: { $add: ['$$a', 1] } } }, 6],
    [{ $max: '$nums' }, 3],
    [{ $stdDevPop: '$nums' }, Math.sqrt(2 / 3)],
  ]
  it.each(cases)('%j gives %j', async (expression, expected) => {
    const [result] = await aggregate('c', [{ $project: { _id: 0, v: expression } }])
    expect(result?.v).toEqual(expected)
  })

  it.each([
    [{ $size: '$n' }],
    [{ $size: '$missing' }],
    [{ $divide: ['$n', 0] }],
    [{ $eq: ['$n'] }],
    [{ $in: ['a', '$n'] }],
  ])('%j is refused', async (expression) => {
    await expect(aggregate('c', [{ $project: { v: expression } }])).rejects.toMatchObject({
      code: 'DATABASE_REQUEST_FAILED',
    })
  })
})

describe('accumulators', () => {
  it('leave out what a document does not have, and group it with null', async () => {
    const pipeline: Record<string, Value>[] = [
      {
        $group: {
          _id: '$g',
          all: { $push: '$v' },
          set: { $addToSet: '$v' },
          sum: { $sum: '$v' },
          avg: { $avg: '$v' },
          samp: { $stdDevSamp: '$v' },
        },
      },
      { $sort: { _id: 1 } },
    ]
    expect(await aggregate('groups', pipeline)).toEqual([
      { _id: null, all: [1, 2], set: [1, 2], sum: 3, avg: 1.5, samp: Math.SQRT1_2 },
      { _id: 1, all: [3, null], set: [3, null], sum: 3, avg: 3, samp: null },
    ])
  })

  it('count nothing as no row', async () => {
    expect(await aggregate('groups', [{ $match: { _id: 99 } }, { $count: 'total' }])).toEqual([])
  })
})

describe('an expression that grows without end', () => {
  const growths: [string, Record<string, Value>[]][] = [
    ['a range', [{ $project: { n: { $range: [0, 1_000_000_000] } } }]],
    [
      'a text doubled thirty times',
      Array.from({ length: 30 }, () => ({ $addFields: { s: { $concat: ['$s', '$s'] } } })),
    ],
    [
      'a list doubled thirty times',
      Array.from({ length: 30 }, () => ({ $addFields: { t: { $concatArrays: ['$t', '$t'] } } })),
    ],
  ]
  it.each(growths)('is refused before it takes all memory: %s', async (_, stages) => {
    await expect(aggregate('c', stages)).rejects.toMatchObject({ code: 'DATABASE_REQUEST_FAILED' })
  })
})
