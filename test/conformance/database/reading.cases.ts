import type { StoredDoc } from '../../support/raw-collection.ts'
import type { DatabaseCase } from './case.ts'

const people = [
  { _id: 'a', name: 'Ann', age: 30, city: 'X' },
  { _id: 'b', name: 'Bo', age: 25, city: 'Y' },
  { _id: 'c', name: 'Cy', age: 30, city: 'Y' },
]
const mixed = [
  { _id: 'arr', v: [2, 9] },
  { _id: 'bool', v: true },
  { _id: 'date', v: new Date(0) },
  { _id: 'none' },
  { _id: 'nul', v: null },
  { _id: 'num', v: 5 },
  { _id: 'obj', v: { k: 1 } },
  { _id: 'txt', v: 'x' },
]
const rich = { _id: 'r', a: 1, b: { c: 2, d: 3 }, list: [1, 2, 3, 4], items: [{ n: 1 }, { n: 5 }, { n: 9 }] }

const idsOf = ({ data }: { data: StoredDoc[] }) => data.map(({ _id }) => _id)

/** Order and projection of a read. */
export const readingCases: DatabaseCase[] = [
  {
    name: 'orderBy sorts ascending',
    items: people,
    run: async (db) => idsOf(await db.collection('items').orderBy('name', 'asc').get()),
    returns: ['a', 'b', 'c'],
  },
  {
    name: 'orderBy twice breaks ties by the second field',
    items: people,
    run: async (db) =>
      idsOf(await db.collection('items').orderBy('age', 'desc').orderBy('city', 'desc').get()),
    returns: ['c', 'a', 'b'],
  },
  {
    name: 'orderBy a nested path',
    items: [
      { _id: 'x', s: { n: 2 } },
      { _id: 'y', s: { n: 1 } },
    ],
    run: async (db) => idsOf(await db.collection('items').orderBy('s.n', 'asc').get()),
    returns: ['y', 'x'],
  },
  {
    name: 'types sort null, numbers, texts, objects, booleans, dates; an array by its smallest element',
    items: mixed,
    run: async (db) => idsOf(await db.collection('items').orderBy('v', 'asc').orderBy('_id', 'asc').get()),
    returns: ['none', 'nul', 'arr', 'num', 'txt', 'obj', 'bool', 'date'],
  },
  {
    name: 'an array sorts descending by its largest element',
    items: [
      { _id: 'arr', v: [2, 9] },
      { _id: 'five', v: 5 },
    ],
    run: async (db) => idsOf(await db.collection('items').orderBy('v', 'desc').get()),
    returns: ['arr', 'five'],
  },
  {
    name: 'orderBy refuses an unknown direction at once',
    run: (db) => db.collection('items').orderBy('a', 'up' as 'asc'),
    fails: { message: '排序字符不合法', code: null },
  },
  {
    name: 'field true names what comes, with _id',
    items: [rich],
    run: async (db) => (await db.collection('items').field({ a: true, 'b.c': true }).get()).data,
    returns: [{ _id: 'r', a: 1, b: { c: 2 } }],
  },
  {
    name: 'field false names what stays away',
    items: [rich],
    run: async (db) =>
      (await db.collection('items').field({ list: false, items: false, b: false }).get()).data,
    returns: [{ _id: 'r', a: 1 }],
  },
  {
    name: 'field can leave _id away',
    items: [rich],
    run: async (db) => (await db.collection('items').field({ _id: false, a: true }).get()).data,
    returns: [{ a: 1 }],
  },
  {
    name: 'a path of field goes into the objects of an array',
    items: [rich],
    run: async (db) => (await db.collection('items').field({ 'items.n': true }).get()).data,
    returns: [{ _id: 'r', items: [{ n: 1 }, { n: 5 }, { n: 9 }] }],
  },
  {
    name: 'project.slice gives the first elements',
    items: [rich],
    run: async (db, _) =>
      (
        await db
          .collection('items')
          .field({ a: 1, list: _.project.slice(2) })
          .get()
      ).data[0].list,
    returns: [1, 2],
  },
  {
    name: 'project.slice gives a window',
    items: [rich],
    run: async (db, _) =>
      (
        await db
          .collection('items')
          .field({ a: 1, list: _.project.slice([1, 2]) })
          .get()
      ).data[0].list,
    returns: [2, 3],
  },
  {
    name: 'project.elemMatch gives the first element that matches',
    items: [rich],
    run: async (db, _) =>
      (
        await db
          .collection('items')
          .field({ items: _.project.elemMatch({ n: { $gt: 3 } }) })
          .get()
      ).data,
    returns: [{ _id: 'r', items: [{ n: 5 }] }],
  },
  {
    name: 'a command inside project.elemMatch reaches the server untranslated and matches nothing',
    items: [rich],
    run: async (db, _) =>
      (
        await db
          .collection('items')
          .field({ items: _.project.elemMatch({ n: _.gt(3) }) })
          .get()
      ).data,
    returns: [{ _id: 'r' }],
  },
  {
    name: 'a mix of true and false is refused by the server',
    items: [rich],
    run: (db) => db.collection('items').field({ a: true, list: false }).get(),
    fails: { errCode: -502001, errMsg: /^collection\.get:fail -502001 /, code: null },
  },
  {
    name: 'get answers data and errMsg, nothing else',
    items: [{ _id: 'a' }],
    run: (db) => db.collection('items').get(),
    returns: { data: [{ _id: 'a' }], errMsg: 'collection.get:ok' },
  },
  {
    name: 'get of an empty collection gives an empty list',
    run: (db) => db.collection('items').get(),
    returns: { data: [], errMsg: 'collection.get:ok' },
  },
]
