import type { DatabaseCase } from './case.ts'

const bySku = { name: 'sku_unique', unique: true, fields: [{ path: 'sku', direction: 1 as const }] }
const byOwnerAndName = {
  name: 'owner_name',
  unique: true,
  fields: [
    { path: 'owner', direction: 1 as const },
    { path: 'name', direction: -1 as const },
  ],
}
const byTag = { name: 'tag_unique', unique: true, fields: [{ path: 'tags', direction: 1 as const }] }
const DUPLICATE = /E11000 duplicate key error collection: .*items index: /

/** Unique indexes: what counts as equal, and that no way of writing gets past them. */
export const indexCases: DatabaseCase[] = [
  {
    name: 'add of a taken unique value is a duplicate key that names its index',
    items: [{ _id: 'a', sku: 's1' }],
    indexes: [bySku],
    run: (db) => db.collection('items').add({ data: { _id: 'b', sku: 's1' } }),
    fails: {
      errCode: -502001,
      errMsg: /E11000 duplicate key error collection: .*items index: sku_unique dup key: \{ sku: "s1" \}/,
      code: null,
    },
    leaves: [{ _id: 'a', sku: 's1' }],
  },
  {
    name: 'update to a taken unique value is a duplicate key',
    items: [
      { _id: 'a', sku: 's1' },
      { _id: 'b', sku: 's2' },
    ],
    indexes: [bySku],
    run: (db) =>
      db
        .collection('items')
        .doc('b')
        .update({ data: { sku: 's1' } }),
    fails: { errCode: -502001, errMsg: DUPLICATE, code: null },
    leaves: [
      { _id: 'a', sku: 's1' },
      { _id: 'b', sku: 's2' },
    ],
  },
  {
    name: 'set to a taken unique value is a duplicate key',
    items: [{ _id: 'a', sku: 's1' }],
    indexes: [bySku],
    run: (db) =>
      db
        .collection('items')
        .doc('b')
        .set({ data: { sku: 's1' } }),
    fails: { errCode: -502001, errMsg: DUPLICATE, code: null },
    leaves: [{ _id: 'a', sku: 's1' }],
  },
  {
    name: 'a document may be written again with its own unique value',
    items: [{ _id: 'a', sku: 's1' }],
    indexes: [bySku],
    run: (db) =>
      db
        .collection('items')
        .doc('a')
        .set({ data: { sku: 's1', n: 1 } }),
    returns: { _id: 'a', stats: { updated: 1, created: 0 }, errMsg: 'document.set:ok' },
  },
  {
    name: 'a removed unique value is free again',
    items: [{ _id: 'a', sku: 's1' }],
    indexes: [bySku],
    run: async (db) => {
      await db.collection('items').doc('a').remove()
      return db.collection('items').add({ data: { _id: 'b', sku: 's1' } })
    },
    returns: { _id: 'b', errMsg: 'collection.add:ok' },
  },
  {
    name: 'a changed unique value frees the old one',
    items: [{ _id: 'a', sku: 's1' }],
    indexes: [bySku],
    run: async (db) => {
      await db
        .collection('items')
        .doc('a')
        .update({ data: { sku: 's2' } })
      return db.collection('items').add({ data: { _id: 'b', sku: 's1' } })
    },
    returns: { _id: 'b', errMsg: 'collection.add:ok' },
  },
  {
    name: 'a missing field counts as null: only one document may lack it',
    items: [{ _id: 'a' }],
    indexes: [bySku],
    run: (db) => db.collection('items').add({ data: { _id: 'b' } }),
    fails: { errCode: -502001, errMsg: DUPLICATE, code: null },
  },
  {
    name: 'null and missing are the same unique value',
    items: [{ _id: 'a' }],
    indexes: [bySku],
    run: (db) => db.collection('items').add({ data: { _id: 'b', sku: null } }),
    fails: { errCode: -502001, errMsg: DUPLICATE, code: null },
  },
  {
    name: 'a number and its text are two unique values',
    items: [{ _id: 'a', sku: 1 }],
    indexes: [bySku],
    run: (db) => db.collection('items').add({ data: { _id: 'b', sku: '1' } }),
    returns: { _id: 'b', errMsg: 'collection.add:ok' },
  },
  {
    name: 'a compound unique index compares all of its fields',
    items: [{ _id: 'a', owner: 'o', name: 'n' }],
    indexes: [byOwnerAndName],
    run: async (db) => {
      await db.collection('items').add({ data: { _id: 'b', owner: 'o', name: 'm' } })
      return db.collection('items').add({ data: { _id: 'c', owner: 'o', name: 'n' } })
    },
    fails: { errCode: -502001, errMsg: DUPLICATE, code: null },
  },
  {
    name: 'each element of an array is a unique value',
    items: [{ _id: 'a', tags: ['x', 'y'] }],
    indexes: [byTag],
    run: (db) => db.collection('items').add({ data: { _id: 'b', tags: ['y', 'z'] } }),
    fails: { errCode: -502001, errMsg: DUPLICATE, code: null },
  },
  {
    name: 'of concurrent adds of one unique value exactly one lands',
    indexes: [bySku],
    run: async (db) => {
      const add = (n: number) => db.collection('items').add({ data: { _id: `d${n}`, sku: 'one' } })
      const results = await Promise.allSettled(Array.from({ length: 8 }, (_, n) => add(n)))
      return results.filter(({ status }) => status === 'fulfilled').length
    },
    returns: 1,
  },
  {
    name: 'an index answers ranges in order like no index does',
    items: [5, 3, 9, 1].map((n) => ({ _id: `d${n}`, sku: n })),
    indexes: [bySku],
    run: async (db, _) =>
      (
        await db
          .collection('items')
          .where({ sku: _.gte(3).and(_.lt(9)) })
          .orderBy('sku', 'desc')
          .get()
      ).data,
    returns: [
      { _id: 'd5', sku: 5 },
      { _id: 'd3', sku: 3 },
    ],
  },
  {
    name: 'an index on an array finds its document once',
    items: [{ _id: 'a', tags: ['x', 'y'] }],
    indexes: [{ ...byTag, unique: false }],
    run: async (db, _) =>
      (
        await db
          .collection('items')
          .where({ tags: _.in(['x', 'y']) })
          .get()
      ).data.length,
    returns: 1,
  },
  {
    name: 'an index finds null and missing alike',
    items: [{ _id: 'a', sku: null }, { _id: 'b' }, { _id: 'c', sku: 1 }],
    indexes: [{ ...bySku, unique: false }],
    run: async (db) => (await db.collection('items').where({ sku: null }).count()).total,
    returns: 2,
  },
]
