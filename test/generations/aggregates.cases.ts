import type { Database } from '../support/mock-sdk/database.ts'
import type { GenerationCase } from './case.ts'

const sales = [
  { _id: 's1', city: 'X', item: 'a', qty: 2, tags: ['t1', 't2'], at: new Date(Date.UTC(2021, 0, 2)) },
  { _id: 's2', city: 'Y', item: 'a', qty: 1, tags: ['t1'], at: new Date(Date.UTC(2021, 1, 3)) },
  { _id: 's3', city: 'X', item: 'b', qty: 5, tags: [], at: new Date(Date.UTC(2021, 1, 4)) },
]
const products = [
  { _id: 'a', title: 'Apple' },
  { _id: 'b', title: 'Bread' },
]

type Aggregate = ReturnType<ReturnType<Database['collection']>['aggregate']>

function gives(
  name: string,
  pipeline: (start: Aggregate, _: Database['command'], $: Database['command']['aggregate']) => Aggregate,
  list: unknown,
): GenerationCase {
  return {
    name,
    items: sales,
    others: products,
    run: async (items, _) => (await pipeline(items.aggregate(), _, _.aggregate).end()).list,
    returns: list,
  }
}

/** aggregate with the stages that programs use. */
export const aggregateCases: GenerationCase[] = [
  gives(
    'match, group with sum and avg, sort',
    (start, _, $) =>
      start
        .match({ qty: _.gt(0) })
        .group({ _id: '$city', sold: $.sum('$qty'), mean: $.avg('$qty'), sales: $.sum(1) })
        .sort({ _id: 1 }),
    [
      { _id: 'X', sold: 7, mean: 3.5, sales: 2 },
      { _id: 'Y', sold: 1, mean: 1, sales: 1 },
    ],
  ),
  gives(
    'group of all, with max, min and push',
    (start, _, $) =>
      start
        .sort({ _id: 1 })
        .group({ _id: null, most: $.max('$qty'), least: $.min('$qty'), ids: $.push('$_id') }),
    [{ _id: null, most: 5, least: 1, ids: ['s1', 's2', 's3'] }],
  ),
  gives(
    'lookup of one collection in another',
    (start) =>
      start
        .match({ _id: 's1' })
        .lookup({ from: 'others', localField: 'item', foreignField: '_id', as: 'product' })
        .project({ product: 1 }),
    [{ _id: 's1', product: [{ _id: 'a', title: 'Apple' }] }],
  ),
  gives(
    'lookup with a pipeline',
    (start, _, $) =>
      start
        .match({ _id: 's3' })
        .lookup({
          from: 'others',
          let: { wanted: '$item' },
          pipeline: $.pipeline()
            .match(_.expr($.eq(['$_id', '$$wanted'])))
            .project({ _id: 0, title: 1 })
            .done(),
          as: 'product',
        })
        .project({ product: 1 }),
    [{ _id: 's3', product: [{ title: 'Bread' }] }],
  ),
  gives(
    'replaceRoot with mergeObjects, as a join is made flat',
    (start, _, $) =>
      start
        .match({ _id: 's2' })
        .lookup({ from: 'others', localField: 'item', foreignField: '_id', as: 'product' })
        .replaceRoot({ newRoot: $.mergeObjects([$.arrayElemAt(['$product', 0]), '$$ROOT']) })
        .project({ product: 0, tags: 0, at: 0 }),
    [{ _id: 's2', title: 'Apple', city: 'Y', item: 'a', qty: 1 }],
  ),
  gives('unwind and sortByCount', (start) => start.unwind('$tags').sortByCount('$tags'), [
    { _id: 't1', count: 2 },
    { _id: 't2', count: 1 },
  ]),
  gives('skip, limit and count', (start) => start.skip(1).limit(5).count('rest'), [{ rest: 2 }]),
  gives(
    'addFields with arithmetic, and project',
    (start, _, $) =>
      start
        .match({ item: 'a' })
        .sort({ _id: -1 })
        .addFields({ double: $.multiply(['$qty', 2]) })
        .project({ _id: 0, double: 1 }),
    [{ double: 2 }, { double: 4 }],
  ),
  gives(
    'cond and concat',
    (start, _, $) =>
      start.sort({ _id: 1 }).project({
        _id: 0,
        is: $.cond({ if: $.gte(['$qty', 2]), then: 'many', else: $.concat(['few ', '$city']) }),
      }),
    [{ is: 'many' }, { is: 'few Y' }, { is: 'many' }],
  ),
  gives(
    'dateToString and parts of dates',
    (start, _, $) =>
      start
        .match({ at: _.gte(new Date(Date.UTC(2021, 1, 1))) })
        .sort({ at: 1 })
        .project({ _id: 0, day: $.dateToString({ date: '$at', format: '%Y-%m-%d' }), month: $.month('$at') }),
    [
      { day: '2021-02-03', month: 2 },
      { day: '2021-02-04', month: 2 },
    ],
  ),
  gives(
    'bucket',
    (start, _, $) =>
      start.bucket({ groupBy: '$qty', boundaries: [0, 2, 10], output: { ids: $.push('$_id') } }),
    [
      { _id: 0, ids: ['s2'] },
      { _id: 2, ids: ['s1', 's3'] },
    ],
  ),
  gives('dates come back as dates', (start) => start.match({ _id: 's1' }).project({ _id: 0, at: 1 }), [
    { at: new Date(Date.UTC(2021, 0, 2)) },
  ]),
  gives(
    'a regular expression in match',
    (start) => start.match({ item: /^A/i }).sort({ _id: 1 }).project({ _id: 1 }),
    [{ _id: 's1' }, { _id: 's2' }],
  ),
  {
    name: 'geoNear gives distances, the nearest first',
    items: [
      { _id: 'far', at: { type: 'Point', coordinates: [113.95, 22.6] } },
      { _id: 'near', at: { type: 'Point', coordinates: [113.95, 22.54] } },
    ],
    indexes: [{ name: 'at', fields: [{ path: 'at', direction: '2dsphere' }] }],
    async run(items, _, { db }) {
      const from = (near: unknown) =>
        items.aggregate().geoNear({ near, spherical: true, distanceField: 'metres', key: 'at' }).end()
      // 2.3 and 2.5 send a point as a pair without a type, so programs give them GeoJSON; the others refuse that.
      const { list } = await (async () => from({ type: 'Point', coordinates: [113.95, 22.53] }))().catch(() =>
        from(db.Geo.Point?.(113.95, 22.53)),
      )
      return list.map(({ _id, metres }: { _id: string; metres: number }) => [_id, Math.round(metres / 100)])
    },
    returns: [
      ['near', 11],
      ['far', 78],
    ],
  },
  {
    name: '20 documents without a limit',
    items: Array.from({ length: 30 }, (_, n) => ({ _id: `i${n}`, n })),
    run: async (items) => (await items.aggregate().sort({ n: 1 }).end()).list.length,
    returns: 20,
  },
]
