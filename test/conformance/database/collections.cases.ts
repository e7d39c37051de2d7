import { expect } from 'vitest'
import type { DatabaseCase } from './case.ts'

const MISSING = 'Db or Table not exist. Please check your request'
const missing = (api: string) => ({
  errCode: -502005,
  errMsg: `${api}:fail -502005 database collection not exists. ${MISSING}`,
  code: null,
})

/** Collections are made, never by a write; every operation on a missing one fails the same way. */
export const collectionCases: DatabaseCase[] = [
  {
    name: 'createCollection answers errMsg and requestId',
    run: (db) => db.createCollection('things'),
    returns: { errMsg: 'createCollection:ok', requestId: expect.any(String) },
  },
  {
    name: 'a created collection can be written',
    run: async (db) => {
      await db.createCollection('things')
      return db.collection('things').add({ data: { _id: 'a' } })
    },
    returns: { _id: 'a', errMsg: 'collection.add:ok' },
  },
  {
    name: 'createCollection of an existing one fails, and the error keeps its code',
    run: (db) => db.createCollection('items'),
    fails: { errCode: -1, errMsg: /^createCollection:fail ./, code: expect.any(String) as unknown as string },
  },
  {
    name: 'collection() wants a name',
    run: (db) => db.collection(''),
    fails: { message: 'Collection name is required', code: null },
  },
  {
    name: 'add to a missing collection fails',
    run: (db) => db.collection('nowhere').add({ data: { a: 1 } }),
    fails: missing('collection.add'),
  },
  {
    name: 'get of a missing collection fails',
    run: (db) => db.collection('nowhere').get(),
    fails: missing('collection.get'),
  },
  {
    name: 'count of a missing collection fails',
    run: (db) => db.collection('nowhere').count(),
    fails: missing('collection.count'),
  },
  {
    name: 'where().update of a missing collection fails',
    run: (db) =>
      db
        .collection('nowhere')
        .where({ a: 1 })
        .update({ data: { b: 1 } }),
    fails: missing('collection.update'),
  },
  {
    name: 'where().remove of a missing collection fails',
    run: (db) => db.collection('nowhere').where({ a: 1 }).remove(),
    fails: missing('collection.remove'),
  },
  {
    name: 'doc().get in a missing collection fails',
    run: (db) => db.collection('nowhere').doc('a').get(),
    fails: missing('document.get'),
  },
  {
    name: 'doc().set in a missing collection fails',
    run: (db) =>
      db
        .collection('nowhere')
        .doc('a')
        .set({ data: { b: 1 } }),
    fails: missing('document.set'),
  },
  {
    name: 'doc().update in a missing collection fails',
    run: (db) =>
      db
        .collection('nowhere')
        .doc('a')
        .update({ data: { b: 1 } }),
    fails: missing('document.update'),
  },
  {
    name: 'doc().remove in a missing collection fails',
    run: (db) => db.collection('nowhere').doc('a').remove(),
    fails: missing('document.remove'),
  },
  {
    name: 'an aggregation of a missing collection fails, and the error keeps its code',
    run: (db) => db.collection('nowhere').aggregate().match({ a: 1 }).end(),
    fails: {
      errCode: -1,
      errMsg: `collection.aggregate:fail ${MISSING}`,
      code: 'DATABASE_COLLECTION_NOT_EXIST',
    },
  },
]
