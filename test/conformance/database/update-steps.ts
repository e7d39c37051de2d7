import type { StoredDoc } from '../../support/raw-collection.ts'
import type { DatabaseCase } from './case.ts'

/** One document `x` before and after an update in MongoDB's own words; the SDK passes `$` keys on as they are. */
export function turns(
  name: string,
  before: StoredDoc,
  change: object,
  after: StoredDoc,
  updated = 1,
): DatabaseCase {
  return {
    name,
    items: [{ _id: 'x', ...before }],
    run: async (db) => (await db.collection('items').doc('x').update({ data: change })).stats,
    returns: { updated },
    leaves: [{ _id: 'x', ...after }],
  }
}

/** An update that the server refuses, and that changes nothing. */
export function refuses(name: string, before: StoredDoc, change: object, errMsg: RegExp): DatabaseCase {
  return {
    name,
    items: [{ _id: 'x', ...before }],
    run: (db) => db.collection('items').doc('x').update({ data: change }),
    fails: { errCode: -502001, errMsg, code: null },
    leaves: [{ _id: 'x', ...before }],
  }
}

/** An update through `where`, whose query says which element `$` is. */
export function atMatch(
  name: string,
  before: StoredDoc,
  query: object,
  change: object,
  after: StoredDoc,
): DatabaseCase {
  return {
    name,
    items: [{ _id: 'x', ...before }],
    run: async (db) => (await db.collection('items').where(query).update({ data: change })).stats,
    returns: { updated: 1 },
    leaves: [{ _id: 'x', ...after }],
  }
}
