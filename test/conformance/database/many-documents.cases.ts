import type { DatabaseCase } from './case.ts'

const apple = { _id: 'apple', price: 3, tags: ['red', 'sweet'] }
const pear = { _id: 'pear', price: 2, tags: [] }
const plum = { _id: 'plum', price: 5, size: { mm: 40, class: 'A' } }
const fruit = [apple, pear, plum]
const range = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ _id: String(n).padStart(4, '0'), n }))

/** Many documents at a time: where().update and remove, count, and how much one read gives. */
export const manyDocumentCases: DatabaseCase[] = [
  {
    name: 'where().update changes every match',
    items: fruit,
    run: (db, _) =>
      db
        .collection('items')
        .where({ price: _.gte(3) })
        .update({ data: { dear: true } }),
    returns: { stats: { updated: 2 }, errMsg: 'collection.update:ok' },
    leaves: [{ ...apple, dear: true }, pear, { ...plum, dear: true }],
  },
  {
    name: 'where().update without a match updates nothing',
    items: fruit,
    run: (db) =>
      db
        .collection('items')
        .where({ price: 99 })
        .update({ data: { dear: true } }),
    returns: { stats: { updated: 0 }, errMsg: 'collection.update:ok' },
    leaves: fruit,
  },
  {
    name: 'where().update with multi false changes one',
    items: fruit,
    run: async (db, _) => {
      const { stats } = await db
        .collection('items')
        .where({ price: _.gte(2) })
        .update({ data: { seen: 1 }, multi: false })
      return [stats, (await db.collection('items').where({ seen: 1 }).count()).total]
    },
    returns: [{ updated: 1 }, 1],
  },
  {
    name: 'a collection updates as a whole without where',
    items: fruit,
    run: (db) => db.collection('items').update({ data: { price: 0 } }),
    returns: { stats: { updated: 3 }, errMsg: 'collection.update:ok' },
  },
  {
    name: 'where().update refuses data that is no object',
    run: (db) =>
      db
        .collection('items')
        .where({ a: 1 })
        .update({ data: [1] }),
    fails: { errCode: -1, errMsg: 'parameter should be object instead of array;', code: null },
  },
  {
    name: 'where().remove takes every match',
    items: fruit,
    run: (db, _) =>
      db
        .collection('items')
        .where({ price: _.lt(5) })
        .remove(),
    returns: { stats: { removed: 2 }, errMsg: 'collection.remove:ok' },
    leaves: [plum],
  },
  {
    name: 'where().remove with multi false takes one',
    items: fruit,
    run: async (db, _) => {
      const { stats } = await db
        .collection('items')
        .where({ price: _.lt(9) })
        .remove({ multi: false })
      return [stats, (await db.collection('items').count()).total]
    },
    returns: [{ removed: 1 }, 2],
  },
  {
    name: 'where({}).remove empties the collection',
    items: fruit,
    run: (db) => db.collection('items').where({}).remove(),
    returns: { stats: { removed: 3 }, errMsg: 'collection.remove:ok' },
    leaves: [],
  },
  {
    name: 'count counts the matches',
    items: fruit,
    run: (db, _) =>
      db
        .collection('items')
        .where({ price: _.gt(2) })
        .count(),
    returns: { total: 2, errMsg: 'collection.count:ok' },
  },
  {
    name: 'count of a collection counts beyond the limit of a read',
    items: range(130),
    run: (db) => db.collection('items').count(),
    returns: { total: 130, errMsg: 'collection.count:ok' },
  },
  {
    name: 'a read gives 100 documents by default',
    items: range(130),
    run: async (db) => (await db.collection('items').get()).data.length,
    returns: 100,
  },
  {
    name: 'limit(0) means the default',
    items: range(130),
    run: async (db) => (await db.collection('items').limit(0).get()).data.length,
    returns: 100,
  },
  {
    name: 'a read gives at most 1000 documents, whatever is asked',
    items: range(1005),
    run: async (db) => (await db.collection('items').limit(5000).get()).data.length,
    returns: 1000,
  },
  {
    name: 'limit and skip walk through an order',
    items: range(10),
    run: async (db) => (await db.collection('items').orderBy('n', 'desc').skip(2).limit(3).get()).data,
    returns: [7, 6, 5].map((n) => ({ _id: `000${n}`, n })),
  },
  {
    name: 'skip past the end gives nothing',
    items: range(3),
    run: (db) => db.collection('items').skip(10).get(),
    returns: { data: [], errMsg: 'collection.get:ok' },
  },
  {
    name: 'limit refuses fractions at once',
    run: (db) => db.collection('items').limit(1.5),
    fails: { message: 'limitmust be integer', code: null },
  },
]
