import { expect } from 'vitest'
import type { DatabaseCase } from './case.ts'

const apple = { _id: 'apple', price: 3, tags: ['red', 'sweet'] }
const pear = { _id: 'pear', price: 2, tags: [] }
const plum = { _id: 'plum', price: 5, size: { mm: 40, class: 'A' } }
const fruit = [apple, pear, plum]

/** One document at a time: add, get, set, update, remove, and the shapes of their results. */
export const documentCases: DatabaseCase[] = [
  {
    name: 'add answers the _id that the document carries',
    run: (db) => db.collection('items').add({ data: { _id: 'a', n: 1 } }),
    returns: { _id: 'a', errMsg: 'collection.add:ok' },
    leaves: [{ _id: 'a', n: 1 }],
  },
  {
    name: 'add without _id gets a string from the server',
    run: (db) => db.collection('items').add({ data: { n: 1 } }),
    returns: { _id: expect.stringMatching(/^[0-9a-zA-Z_-]{16,}$/), errMsg: 'collection.add:ok' },
  },
  {
    name: 'add takes a numeric _id',
    run: (db) => db.collection('items').add({ data: { _id: 7, n: 1 } }),
    returns: { _id: 7, errMsg: 'collection.add:ok' },
    leaves: [{ _id: 7, n: 1 }],
  },
  {
    name: 'add of an array answers _ids in the same order',
    run: (db) => db.collection('items').add({ data: [{ _id: 'b' }, { _id: 'a' }] }),
    returns: { _ids: ['b', 'a'], errMsg: 'collection.add:ok' },
    leaves: [{ _id: 'a' }, { _id: 'b' }],
  },
  {
    name: 'add with a taken _id is a duplicate key',
    items: [apple],
    run: (db) => db.collection('items').add({ data: { _id: 'apple', price: 9 } }),
    fails: {
      errCode: -502001,
      errMsg: /^collection\.add:fail -502001 database request fail\. .*E11000 duplicate key error/,
      code: null,
    },
    leaves: [apple],
  },
  {
    name: 'the text and the number of the same digits are two _ids',
    items: [
      { _id: '12', kind: 'text' },
      { _id: 12, kind: 'number' },
    ],
    run: async (db) => [
      (await db.collection('items').doc('12').get()).data,
      (await db.collection('items').doc(12).get()).data,
    ],
    returns: [
      { _id: '12', kind: 'text' },
      { _id: 12, kind: 'number' },
    ],
  },
  {
    name: 'doc().get answers the document alone',
    items: fruit,
    run: (db) => db.collection('items').doc('apple').get(),
    returns: { data: apple, errMsg: 'document.get:ok' },
  },
  {
    name: 'doc().get of a missing document throws',
    items: fruit,
    run: (db) => db.collection('items').doc('fig').get(),
    fails: { errCode: -1, errMsg: 'document.get:fail document with _id fig does not exist', code: null },
  },
  {
    name: 'doc().get of a missing document gives null with throwOnNotFound false',
    run: (_db, _, { database }) => database({ throwOnNotFound: false }).collection('items').doc('fig').get(),
    returns: { data: null, errMsg: 'document.get:ok' },
  },
  {
    name: 'doc() takes only texts and numbers',
    run: (db) => db.collection('items').doc({ _id: 'apple' } as unknown as string),
    fails: { message: 'docId必须为字符串或数字', code: null },
  },
  {
    name: 'doc().field gives the named fields and _id',
    items: fruit,
    run: (db) => db.collection('items').doc('plum').field({ price: true }).get(),
    returns: { data: { _id: 'plum', price: 5 }, errMsg: 'document.get:ok' },
  },
  {
    name: 'set creates a missing document and counts it as created',
    run: (db) =>
      db
        .collection('items')
        .doc('kiwi')
        .set({ data: { price: 1 } }),
    returns: { _id: 'kiwi', stats: { updated: 0, created: 1 }, errMsg: 'document.set:ok' },
    leaves: [{ _id: 'kiwi', price: 1 }],
  },
  {
    name: 'set replaces the whole document',
    items: [plum],
    run: (db) =>
      db
        .collection('items')
        .doc('plum')
        .set({ data: { colour: 'blue' } }),
    returns: { _id: 'plum', stats: { updated: 1, created: 0 }, errMsg: 'document.set:ok' },
    leaves: [{ _id: 'plum', colour: 'blue' }],
  },
  {
    name: 'set keeps nested objects whole, empty ones too',
    items: [plum],
    run: (db) =>
      db
        .collection('items')
        .doc('plum')
        .set({ data: { size: { mm: 1 }, empty: {} } }),
    returns: expect.objectContaining({ stats: { updated: 1, created: 0 } }),
    leaves: [{ _id: 'plum', size: { mm: 1 }, empty: {} }],
  },
  {
    name: 'set refuses _id among the data',
    items: [apple],
    run: (db) =>
      db
        .collection('items')
        .doc('apple')
        .set({ data: { _id: 'apple', price: 1 } }),
    fails: {
      errCode: -501007,
      errMsg: 'document.set:fail -501007 invalid parameters. 不能更新_id的值',
      code: null,
    },
    leaves: [apple],
  },
  {
    name: 'set refuses update operators',
    items: [apple],
    run: (db, _) =>
      db
        .collection('items')
        .doc('apple')
        .set({ data: { price: _.inc(1) } }),
    fails: {
      errCode: -502001,
      errMsg: 'document.set:fail -502001 database request fail. update operator complicit',
      code: null,
    },
    leaves: [apple],
  },
  {
    name: 'set refuses empty data',
    run: (db) => db.collection('items').doc('apple').set({ data: {} }),
    fails: { errCode: -1, errMsg: 'options.data must not be empty', code: null },
    leaves: [],
  },
  {
    name: 'set refuses data that is no object',
    run: (db) =>
      db
        .collection('items')
        .doc('apple')
        .set({ data: 'x' } as unknown as { data: object }),
    fails: { errCode: -1, errMsg: 'parameter.data should be object instead of string;', code: null },
  },
  {
    name: 'update changes the named fields and keeps the others',
    items: [apple],
    run: (db) =>
      db
        .collection('items')
        .doc('apple')
        .update({ data: { price: 4, origin: 'local' } }),
    returns: { stats: { updated: 1 }, errMsg: 'document.update:ok' },
    leaves: [{ ...apple, price: 4, origin: 'local' }],
  },
  {
    name: 'update of a missing document updates nothing and does not fail',
    run: (db) =>
      db
        .collection('items')
        .doc('fig')
        .update({ data: { price: 4 } }),
    returns: { stats: { updated: 0 }, errMsg: 'document.update:ok' },
    leaves: [],
  },
  {
    name: 'update that changes nothing counts nothing: updated is the number of changed documents',
    items: [apple],
    run: (db) =>
      db
        .collection('items')
        .doc('apple')
        .update({ data: { price: 3 } }),
    returns: { stats: { updated: 0 }, errMsg: 'document.update:ok' },
    leaves: [apple],
  },
  {
    name: 'update refuses _id among the data',
    items: [apple],
    run: (db) =>
      db
        .collection('items')
        .doc('apple')
        .update({ data: { _id: 'pear' } }),
    fails: {
      errCode: -501007,
      errMsg: 'document.update:fail -501007 invalid parameters. 不能更新_id的值',
      code: null,
    },
    leaves: [apple],
  },
  {
    name: 'update refuses empty data',
    items: [apple],
    run: (db) => db.collection('items').doc('apple').update({ data: {} }),
    fails: { errCode: -1, errMsg: 'options.data must not be empty', code: null },
    leaves: [apple],
  },
  {
    name: 'update without options is refused',
    items: [apple],
    run: (db) =>
      db
        .collection('items')
        .doc('apple')
        .update(undefined as unknown as { data: object }),
    fails: { errCode: -1, errMsg: 'parameter should be object instead of undefined; ', code: null },
  },
  {
    name: 'remove takes the document away and counts it',
    items: fruit,
    run: (db) => db.collection('items').doc('pear').remove(),
    returns: { stats: { removed: 1 }, errMsg: 'document.remove:ok' },
    leaves: [apple, plum],
  },
  {
    name: 'remove of a missing document removes nothing and does not fail',
    run: (db) => db.collection('items').doc('fig').remove(),
    returns: { stats: { removed: 0 }, errMsg: 'document.remove:ok' },
  },
]
