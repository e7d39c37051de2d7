import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '../test-support/open.ts'

const { database, add, aggregate } = openDatabase()

beforeAll(async () => {
  await database.createCollection('c')
  await add('c', [{ _id: 1, a: Array.from({ length: 2_000 }, (_, i) => i), text: 'x'.repeat(100_000) }])
  await database.createCollection('few')
  await add('few', [{ _id: 1, list: Array.from({ length: 2_000 }, (_, i) => [i]) }])
})
afterAll(() => database.stop())

type Pipeline = Parameters<typeof aggregate>[1]
const range = (length: number) => ({ $range: [0, length] })
const mapped = (input: unknown, step: unknown) => ({ $map: { input, as: 'item', in: step } })
const grown = (n: number) => ({
  $reduce: { input: range(n), initialValue: [1], in: ['$$value', '$$value'] },
})
/** Values of the expression are made, and then dropped. */
const counted = (expression: unknown): Pipeline => [{ $project: { n: { $size: expression } } }] as Pipeline

describe('a pipeline that would make documents or lists without end', () => {
  const cases: [title: string, collection: string, pipeline: Pipeline, words: RegExp][] = [
    [
      'the product of several $unwind',
      'few',
      [
        { $project: { a: range(1_000), b: range(1_000), c: range(1_000) } },
        { $unwind: '$a' },
        { $unwind: '$b' },
        { $unwind: '$c' },
        { $count: 'n' },
      ] as Pipeline,
      /\$unwind would make more than 104857600 bytes/,
    ],
    ['$unwind of one large document', 'c', [{ $unwind: '$a' }], /\$unwind would make/],
    [
      '$map in $map',
      'few',
      counted(mapped(range(10_000), mapped(range(10_000), 1))),
      /\$map would make more than/,
    ],
    [
      '$map in $map, counted',
      'few',
      counted(mapped(range(10_000), { $size: mapped(range(10_000), 1) })),
      /more than 3000000 steps/,
    ],
    ['$range in $map', 'few', counted(mapped(range(1_000), range(1_000_000))), /\$map would make more than/],
    [
      '$filter in $map',
      'few',
      counted(mapped(range(10_000), { $size: { $filter: { input: range(10_000), cond: true } } })),
      /more than 3000000 steps/,
    ],
    ['$reduce that doubles', 'few', counted(grown(60)), /\$reduce would make more than/],
    ['what only mingo evaluates', 'few', counted({ $step: 1 }), /Unrecognized expression '\$step'/],
  ]
  it.each(cases)('is refused: %s', async (_, collection, pipeline, words) => {
    await expect(aggregate(collection, pipeline)).rejects.toMatchObject({
      code: 'DATABASE_REQUEST_FAILED',
      message: expect.stringMatching(words),
    })
  })

  it('is not mistaken for a large one', async () => {
    const flat = {
      $reduce: { input: '$list', initialValue: [], in: { $concatArrays: ['$$value', '$$this'] } },
    }
    const pipeline = [
      { $project: { n: { $size: flat }, list: range(100_000) } },
      { $unwind: '$list' },
      { $group: { _id: null, n: { $sum: 1 }, size: { $max: '$n' } } },
    ]
    expect(await aggregate('few', pipeline as unknown as Pipeline)).toEqual([
      { _id: null, n: 100_000, size: 2_000 },
    ])
  })
})
