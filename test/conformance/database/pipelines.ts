import type { Database } from '../../support/mock-sdk/database.ts'
import type { StoredDoc } from '../../support/raw-collection.ts'
import type { DatabaseCase } from './case.ts'

type Start = ReturnType<ReturnType<Database['collection']>['aggregate']>
type Pipeline = (start: Start, _: Database['command']) => { end(): Promise<{ list: unknown }> }

/** In `items`. */
const sales = [
  { _id: 1, k: 'a', n: 5, tags: ['x', 'y'] },
  { _id: 2, k: 'b', n: 7, tags: [] },
  { _id: 3, k: null, n: 1 },
  { _id: 4, n: 3, tags: 'z' },
  { _id: 5, k: 'a', n: null },
]
/** In another collection. */
export const parts = [
  { _id: 'p1', for: ['a', 'b'], o: { n: 1 } },
  { _id: 'p2', for: 'a', o: { n: 2 } },
  { _id: 'p3', o: { n: 3 } },
]

/** The list that a pipeline over `items` gives. */
export function gives(
  name: string,
  pipeline: Pipeline,
  list: unknown,
  items: readonly StoredDoc[] = sales,
): DatabaseCase {
  return {
    name,
    items,
    others: { parts },
    run: async (db, _) => (await pipeline(db.collection('items').aggregate(), _).end()).list,
    returns: list,
  }
}

/** A pipeline that the server refuses. */
export function refuses(name: string, pipeline: Pipeline, errMsg: RegExp): DatabaseCase {
  return {
    name,
    items: sales,
    others: { parts },
    run: (db, _) => pipeline(db.collection('items').aggregate(), _).end(),
    fails: { errMsg, code: 'DATABASE_REQUEST_FAILED' },
  }
}
