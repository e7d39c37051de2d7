import type { DatabaseCase } from './case.ts'
import { gives, refuses } from './pipelines.ts'

/** Groups and accumulators with their traps (manual: "$group"). */
export const groupCases: DatabaseCase[] = [
  gives(
    'group puts null and missing together',
    (p) => p.group({ _id: '$k', ids: { $push: '$_id' } }).sort({ _id: 1 }),
    [
      { _id: null, ids: [3, 4] },
      { _id: 'a', ids: [1, 5] },
      { _id: 'b', ids: [2] },
    ],
  ),
  gives(
    'sum takes no account of what is no number',
    (p) => p.group({ _id: null, n: { $sum: '$n' }, k: { $sum: '$k' } }),
    [{ _id: null, n: 16, k: 0 }],
  ),
  gives(
    'avg, min and max leave null out',
    (p) =>
      p.match({ k: 'a' }).group({ _id: null, avg: { $avg: '$n' }, min: { $min: '$n' }, max: { $max: '$n' } }),
    [{ _id: null, avg: 5, min: 5, max: 5 }],
  ),
  gives(
    'avg of nothing is null',
    (p) => p.group({ _id: null, avg: { $avg: '$none' }, max: { $max: '$none' } }),
    [{ _id: null, avg: null, max: null }],
  ),
  gives(
    'push and addToSet leave out what is missing, not null',
    (p) => p.group({ _id: null, push: { $push: '$k' }, set: { $addToSet: '$none' } }),
    [{ _id: null, push: ['a', 'b', null, 'a'], set: [] }],
  ),
  gives(
    'first of a missing field is null',
    (p) =>
      p
        .sort({ _id: -1 })
        .match({ _id: 4 })
        .group({ _id: null, k: { $first: '$k' } }),
    [{ _id: null, k: null }],
  ),
  gives(
    'stdDevPop and stdDevSamp',
    (p) =>
      p
        .match({ n: { $type: 'number' } })
        .group({ _id: null, pop: { $stdDevPop: '$n' }, samp: { $stdDevSamp: '$n' } })
        .project({ _id: 0, pop: { $trunc: ['$pop', 4] }, samp: { $trunc: ['$samp', 4] } }),
    [{ pop: 2.236, samp: 2.5819 }],
  ),
  gives(
    'mergeObjects of a group: later documents win',
    (p) =>
      p
        .sort({ _id: 1 })
        .match({ _id: { $lt: 3 } })
        .group({ _id: null, all: { $mergeObjects: { k: '$k', n: '$n' } } }),
    [{ _id: null, all: { k: 'b', n: 7 } }],
  ),
  gives(
    'group of objects minds the order of their fields',
    (p) => p.group({ _id: '$o', n: { $sum: 1 } }).sort({ n: -1 }),
    [
      { _id: { a: 1, b: 2 }, n: 2 },
      { _id: { b: 2, a: 1 }, n: 1 },
    ],
    [
      { _id: 1, o: { a: 1, b: 2 } },
      { _id: 2, o: { a: 1, b: 2 } },
      { _id: 3, o: { b: 2, a: 1 } },
    ],
  ),
  gives('group of lists takes each list whole', (p) => p.match({ _id: 1 }).group({ _id: '$tags' }), [
    { _id: ['x', 'y'] },
  ]),
  refuses(
    'group without _id is refused',
    (p) => p.group({ n: { $sum: 1 } }),
    /a group specification must include an _id/,
  ),
  refuses(
    'group of a field without accumulator is refused',
    (p) => p.group({ _id: null, n: '$n' }),
    /The field 'n' must be an accumulator object/,
  ),
  refuses(
    'group with an unknown accumulator is refused',
    (p) => p.group({ _id: null, n: { $foo: 1 } }),
    /unknown group operator '\$foo'/,
  ),
]
