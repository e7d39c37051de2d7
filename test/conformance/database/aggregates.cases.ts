import type { Database } from '../../support/mock-sdk/database.ts'
import type { DatabaseCase } from './case.ts'

const sales = [
  { _id: 's1', city: 'X', item: 'a', qty: 2, price: 10, tags: ['t1', 't2'] },
  { _id: 's2', city: 'Y', item: 'a', qty: 1, price: 20, tags: ['t1'] },
  { _id: 's3', city: 'X', item: 'b', qty: 5, price: 1, tags: [] },
  { _id: 's4', city: 'X', item: 'c', qty: 1, price: 3 },
]
const products = [
  { _id: 'a', title: 'Apple' },
  { _id: 'b', title: 'Bread' },
]

/** The list of a pipeline over `items`. */
function gives(
  name: string,
  pipeline: (
    start: ReturnType<ReturnType<Database['collection']>['aggregate']>,
    _: Database['command'],
  ) => {
    end(): Promise<{ list: unknown }>
  },
  list: unknown,
): DatabaseCase {
  return {
    name,
    items: sales,
    others: { products },
    run: async (db, _) => (await pipeline(db.collection('items').aggregate(), _).end()).list,
    returns: list,
  }
}

/** Aggregation stages of the SDK, and what MongoDB's manual says they give. */
export const aggregateCases: DatabaseCase[] = [
  {
    name: 'end answers list and errMsg',
    items: [{ _id: 'a' }],
    run: (db) => db.collection('items').aggregate().match({ _id: 'a' }).end(),
    returns: { list: [{ _id: 'a' }], errMsg: 'collection.aggregate:ok' },
  },
  gives(
    'match takes commands and flattens',
    (start, _) =>
      start
        .match({ qty: _.gt(1) })
        .sort({ _id: 1 })
        .project({ _id: 1 }),
    [{ _id: 's1' }, { _id: 's3' }],
  ),
  gives(
    'group sums per key',
    (start, _) => start.group({ _id: '$city', total: _.aggregate.sum('$qty') }).sort({ _id: 1 }),
    [
      { _id: 'X', total: 8 },
      { _id: 'Y', total: 1 },
    ],
  ),
  gives(
    'group counts with sum(1)',
    (start, _) => start.group({ _id: '$item', n: _.aggregate.sum(1) }).sort({ n: -1, _id: 1 }),
    [
      { _id: 'a', n: 2 },
      { _id: 'b', n: 1 },
      { _id: 'c', n: 1 },
    ],
  ),
  gives(
    'group by null takes all',
    (start, _) =>
      start.group({
        _id: null,
        most: _.aggregate.max('$qty'),
        least: _.aggregate.min('$qty'),
        mean: _.aggregate.avg('$qty'),
      }),
    [{ _id: null, most: 5, least: 1, mean: 2.25 }],
  ),
  gives(
    'group by several keys',
    (start, _) =>
      start
        .group({ _id: { c: '$city', i: '$item' }, n: _.aggregate.sum(1) })
        .sort({ '_id.c': 1, '_id.i': 1 })
        .limit(1),
    [{ _id: { c: 'X', i: 'a' }, n: 1 }],
  ),
  gives(
    'group multiplies inside a sum',
    (start, _) =>
      start.group({ _id: null, worth: _.aggregate.sum(_.aggregate.multiply(['$qty', '$price'])) }),
    [{ _id: null, worth: 48 }],
  ),
  gives(
    'group pushes values',
    (start, _) =>
      start
        .sort({ _id: 1 })
        .group({ _id: '$city', items: _.aggregate.push('$item') })
        .sort({ _id: 1 }),
    [
      { _id: 'X', items: ['a', 'b', 'c'] },
      { _id: 'Y', items: ['a'] },
    ],
  ),
  gives(
    'group first and last follow the order',
    (start, _) =>
      start
        .sort({ qty: 1, _id: 1 })
        .group({ _id: null, first: _.aggregate.first('$_id'), last: _.aggregate.last('$_id') }),
    [{ _id: null, first: 's2', last: 's3' }],
  ),
  gives(
    'sort, skip and limit',
    (start) => start.sort({ qty: -1, _id: 1 }).skip(1).limit(2).project({ qty: 1 }),
    [
      { _id: 's1', qty: 2 },
      { _id: 's2', qty: 1 },
    ],
  ),
  gives(
    'project computes fields',
    (start, _) =>
      start.match({ _id: 's1' }).project({ _id: 0, worth: _.aggregate.multiply(['$qty', '$price']) }),
    [{ worth: 20 }],
  ),
  gives(
    'addFields keeps the others',
    (start, _) => start.match({ _id: 's4' }).addFields({ more: _.aggregate.add(['$qty', 1]) }),
    [{ ...sales[3], more: 2 }],
  ),
  gives(
    'unwind gives one per element and drops empty and missing',
    (start) => start.unwind('$tags').sort({ _id: 1, tags: 1 }).project({ tags: 1 }),
    [
      { _id: 's1', tags: 't1' },
      { _id: 's1', tags: 't2' },
      { _id: 's2', tags: 't1' },
    ],
  ),
  gives(
    'unwind can keep empty and missing',
    (start) =>
      start.unwind({ path: '$tags', preserveNullAndEmptyArrays: true }).sort({ _id: 1 }).project({ tags: 1 }),
    [
      { _id: 's1', tags: 't1' },
      { _id: 's1', tags: 't2' },
      { _id: 's2', tags: 't1' },
      { _id: 's3' },
      { _id: 's4' },
    ],
  ),
  gives(
    'lookup joins by equal fields',
    (start) =>
      start
        .match({ city: 'X' })
        .sort({ _id: 1 })
        .lookup({ from: 'products', localField: 'item', foreignField: '_id', as: 'product' })
        .project({ product: 1 }),
    [
      { _id: 's1', product: [products[0]] },
      { _id: 's3', product: [products[1]] },
      { _id: 's4', product: [] },
    ],
  ),
  gives(
    'lookup joins by a pipeline',
    (start, _) =>
      start
        .match({ _id: 's3' })
        .lookup({
          from: 'products',
          let: { wanted: '$item' },
          pipeline: _.aggregate
            .pipeline()
            .match(_.expr(_.aggregate.eq(['$_id', '$$wanted'])))
            .done(),
          as: 'found',
        })
        .project({ found: 1 }),
    [{ _id: 's3', found: [products[1]] }],
  ),
  gives('count names its number', (start) => start.match({ city: 'X' }).count('total'), [{ total: 3 }]),
  gives('count of nothing gives no row', (start) => start.match({ city: 'Z' }).count('total'), []),
  gives('sortByCount', (start) => start.sortByCount('$city'), [
    { _id: 'X', count: 3 },
    { _id: 'Y', count: 1 },
  ]),
  gives(
    'replaceRoot takes an object up',
    (start) => start.match({ _id: 's1' }).replaceRoot({ newRoot: { only: '$item' } }),
    [{ only: 'a' }],
  ),
  gives(
    'bucket puts into ranges',
    (start, _) =>
      start.bucket({
        groupBy: '$price',
        boundaries: [0, 5, 15],
        default: 'more',
        output: { n: _.aggregate.sum(1) },
      }),
    [
      { _id: 0, n: 2 },
      { _id: 5, n: 1 },
      { _id: 'more', n: 1 },
    ],
  ),
  gives(
    'cond and switch choose',
    (start, _) =>
      start.match({ _id: 's3' }).project({
        size: _.aggregate.cond({ if: _.aggregate.gte(['$qty', 5]), then: 'big', else: 'small' }),
      }),
    [{ _id: 's3', size: 'big' }],
  ),
  gives(
    'dates format',
    (start, _) =>
      start
        .match({ _id: 's1' })
        .project({ day: _.aggregate.dateToString({ date: new Date(0), format: '%Y-%m-%d' }) }),
    [{ _id: 's1', day: '1970-01-01' }],
  ),
  {
    name: 'an aggregation without limit gives 20 rows',
    items: Array.from({ length: 30 }, (_, n) => ({ _id: `d${n}` })),
    run: async (db) =>
      ((await db.collection('items').aggregate().sort({ _id: 1 }).end()).list as unknown[]).length,
    returns: 20,
  },
  {
    name: 'an aggregation with limit gives that many',
    items: Array.from({ length: 30 }, (_, n) => ({ _id: `d${n}` })),
    run: async (db) => ((await db.collection('items').aggregate().limit(25).end()).list as unknown[]).length,
    returns: 25,
  },
  {
    name: 'a stage that the database package lacks is no function',
    run: (db) => db.collection('items').aggregate().facet({}),
    fails: { message: /is not a function/, code: null },
  },
  {
    name: 'a stage that the server does not understand is refused, and the error keeps its code',
    items: sales,
    run: (db) =>
      db
        .collection('items')
        .aggregate()
        .group({ total: { $sum: 1 } })
        .end(),
    fails: { errCode: -1, errMsg: /^collection\.aggregate:fail ./, code: 'DATABASE_REQUEST_FAILED' },
  },
]
