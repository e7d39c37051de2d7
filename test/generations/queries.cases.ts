import type { Database } from '../support/mock-sdk/database.ts'
import type { GenerationCase } from './case.ts'

const goods = [
  { _id: 'a', n: 1, kind: 'tea', tags: ['new'], size: { w: 1, h: 2 }, at: new Date(1_000) },
  { _id: 'b', n: 2, kind: 'Tea', tags: ['new', 'hot'], size: { w: 3, h: 4 }, at: new Date(2_000) },
  { _id: 'c', n: 3, kind: 'cup', tags: [], at: new Date(3_000), off: null },
  {
    _id: 'd',
    n: 4,
    kind: 'cup',
    parts: [
      { k: 1, v: 5 },
      { k: 2, v: 9 },
    ],
  },
]

const places = [
  { _id: 'far', at: { type: 'Point', coordinates: [116.4, 39.9] } },
  { _id: 'near', at: { type: 'Point', coordinates: [113.95, 22.54] } },
]

/** Ids that a condition finds, in order of `_id`. */
function finds(
  name: string,
  condition: (_: Database['command'], db: Database) => object,
  ids: string[],
): GenerationCase {
  return {
    name,
    items: goods,
    async run(items, _, { db }) {
      const { data } = await items.where(condition(_, db)).orderBy('_id', 'asc').get()
      return data.map(({ _id }: { _id: string }) => _id)
    },
    returns: ids,
  }
}

/** where, with the commands that programs use most, and what shapes a result. */
export const queryCases: GenerationCase[] = [
  finds('a value is equal', () => ({ kind: 'cup' }), ['c', 'd']),
  finds('a nested field is equal', () => ({ size: { w: 3 } }), ['b']),
  finds('a path with dots is equal', () => ({ 'size.h': 2 }), ['a']),
  finds('a list has the value', () => ({ tags: 'hot' }), ['b']),
  finds('null is what is null or missing', () => ({ off: null }), ['a', 'b', 'c', 'd']),
  finds('eq', (_) => ({ n: _.eq(2) }), ['b']),
  finds('neq', (_) => ({ kind: _.neq('cup') }), ['a', 'b']),
  finds('gt', (_) => ({ n: _.gt(3) }), ['d']),
  finds('gte and lt, one after the other', (_) => ({ n: _.gte(2).lt(4) }), ['b', 'c']),
  finds('gt and lte, with and', (_) => ({ n: _.and(_.gt(1), _.lte(3)) }), ['b', 'c']),
  finds('in', (_) => ({ n: _.in([1, 4, 9]) }), ['a', 'd']),
  finds('nin', (_) => ({ kind: _.nin(['cup', 'Tea']) }), ['a']),
  finds('or on one field', (_) => ({ n: _.or(_.eq(1), _.gt(3)) }), ['a', 'd']),
  finds('or of conditions', (_) => _.or([{ kind: 'tea' }, { n: _.gte(4) }]), ['a', 'd']),
  finds('and of conditions', (_) => _.and([{ kind: 'cup' }, { n: 3 }]), ['c']),
  finds('not', (_) => ({ n: _.not(_.gt(1)) }), ['a']),
  finds('exists', (_) => ({ parts: _.exists(true) }), ['d']),
  finds('does not exist', (_) => ({ tags: _.exists(false) }), ['d']),
  finds('mod', () => ({ n: { $mod: [2, 0] } }), ['b', 'd']),
  finds('size of a list', (_) => ({ tags: _.size(2) }), ['b']),
  finds('all of a list', (_) => ({ tags: _.all(['hot', 'new']) }), ['b']),
  finds('elemMatch', (_) => ({ parts: _.elemMatch({ k: 2, v: _.gt(6) }) }), ['d']),
  finds('a date in a range', (_) => ({ at: _.gt(new Date(1_000)).lte(new Date(3_000)) }), ['b', 'c']),
  finds('a regular expression', () => ({ kind: /^te/i }), ['a', 'b']),
  finds('db.RegExp', (_, db) => ({ kind: db.RegExp({ regexp: 'EA$', options: 'i' }) }), ['a', 'b']),
  finds('not a regular expression', (_) => ({ kind: _.not(/^t/) }), ['b', 'c', 'd']),
  finds('a raw $regex', () => ({ kind: { $regex: '^t', $options: 'i' } }), ['a', 'b']),
  finds('raw operators', () => ({ n: { $gt: 2 }, kind: { $in: ['cup'] } }), ['c', 'd']),
  finds('a value that is undefined is no condition', () => ({ kind: 'cup', n: undefined }), ['c', 'd']),
  {
    name: 'count with and without conditions',
    items: goods,
    run: async (items, _) => [(await items.count()).total, (await items.where({ n: _.gt(2) }).count()).total],
    returns: [4, 2],
  },
  {
    name: 'orderBy two fields, skip and limit',
    items: goods,
    async run(items) {
      const { data } = await items.orderBy('kind', 'desc').orderBy('n', 'desc').skip(1).limit(2).get()
      return data.map(({ _id }: { _id: string }) => _id)
    },
    returns: ['d', 'c'],
  },
  {
    name: 'field gives the fields named, nested ones too',
    items: goods,
    run: async (items) => (await items.where({ n: 1 }).field({ kind: true, 'size.w': true }).get()).data,
    returns: [{ _id: 'a', kind: 'tea', size: { w: 1 } }],
  },
  {
    name: 'get gives 100 documents unless limit asks for more',
    items: Array.from({ length: 120 }, (_, n) => ({ _id: `i${n}`, n })),
    run: async (items) => [(await items.get()).data.length, (await items.limit(1_000).get()).data.length],
    returns: [100, 120],
  },
  {
    name: 'geoNear finds what is near',
    items: places,
    indexes: [{ name: 'at', fields: [{ path: 'at', direction: '2dsphere' }] }],
    async run(items, _, { db }) {
      const geometry = db.Geo.Point?.(113.94, 22.53)
      const { data } = await items.where({ at: _.geoNear({ geometry, maxDistance: 5_000 }) }).get()
      return data.map(({ _id }: { _id: string }) => _id)
    },
    returns: ['near'],
  },
]
