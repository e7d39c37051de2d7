import type { StoredDoc } from '../../support/raw-collection.ts'
import type { DatabaseCase } from './case.ts'

type Direction = 'asc' | 'desc'

/** The order in which documents with these values of `v` come, by their ids. */
function sorts(
  name: string,
  items: readonly StoredDoc[],
  order: readonly (readonly [string, Direction])[],
  ids: readonly string[],
): DatabaseCase {
  return {
    name,
    items,
    run: async (db) => {
      let query: ReturnType<ReturnType<typeof db.collection>['where']> = db.collection('items')
      for (const [path, direction] of order) query = query.orderBy(path, direction)
      return (await query.get()).data.map((doc: StoredDoc) => doc._id)
    },
    returns: ids,
  }
}

/** What a projection leaves of one document. */
function leaves(name: string, projection: object, rest: StoredDoc, document: StoredDoc = rich): DatabaseCase {
  return {
    name,
    items: [document],
    run: async (db) => (await db.collection('items').field(projection).get()).data,
    returns: [rest],
  }
}

function refuses(name: string, projection: object, errMsg: RegExp): DatabaseCase {
  return {
    name,
    items: [rich],
    run: (db) => db.collection('items').field(projection).get(),
    fails: { errCode: -502001, errMsg, code: null },
  }
}

const rich = {
  _id: 'r',
  a: 1,
  nul: null,
  o: { x: 1, y: { z: 2, w: 3 } },
  list: [1, 2, 3, 4],
  rows: [{ k: 1, v: 'a' }, { k: 2 }, 7],
  nested: [[{ k: 1 }], { k: 2 }],
}
const blanks = [{ _id: 'empty', v: [] }, { _id: 'low', v: -1 }, { _id: 'none' }, { _id: 'nul', v: null }]
const texts = ['b', 'B', 'ä', 'Z', '10', '9', '', '中'].map((v) => ({ _id: v || '(empty)', v }))
const kinds = [
  { _id: 'date', v: new Date(0) },
  { _id: 'false', v: false },
  { _id: 'infinity', v: Number.POSITIVE_INFINITY },
  { _id: 'nan', v: Number.NaN },
  { _id: 'object', v: {} },
  { _id: 'text', v: '' },
  { _id: 'true', v: true },
]
const pairs = [
  { _id: 'a', x: 1, y: 1 },
  { _id: 'b', x: 1, y: 2 },
  { _id: 'c', x: 2, y: 1 },
  { _id: 'd', x: 2, y: 2 },
]
const objects = [
  { _id: 'ab', v: { a: 1, b: 1 } },
  { _id: 'b', v: { b: 0 } },
  { _id: 'long', v: { a: 1, b: 1, c: 0 } },
  { _id: 'text', v: { a: 'x' } },
]

/** Sort order and projection with their traps (manual: "Comparison/Sort Order", "Project Fields to Return"). */
export const orderAndProjectionCases: DatabaseCase[] = [
  sorts(
    'an empty list sorts before null, null and missing alike',
    blanks,
    [
      ['v', 'asc'],
      ['_id', 'desc'],
    ],
    ['empty', 'nul', 'none', 'low'],
  ),
  sorts(
    'descending is the exact opposite',
    blanks,
    [
      ['v', 'desc'],
      ['_id', 'asc'],
    ],
    ['low', 'none', 'nul', 'empty'],
  ),
  sorts('texts sort by code point', texts, [['v', 'asc']], ['(empty)', '10', '9', 'B', 'Z', 'b', 'ä', '中']),
  sorts(
    'NaN is the least number, and types follow each other',
    kinds,
    [['v', 'asc']],
    ['nan', 'infinity', 'text', 'object', 'false', 'true', 'date'],
  ),
  sorts(
    'two orders may go opposite ways',
    pairs,
    [
      ['x', 'desc'],
      ['y', 'asc'],
    ],
    ['c', 'd', 'a', 'b'],
  ),
  sorts(
    'the order that comes first counts most',
    pairs,
    [
      ['y', 'desc'],
      ['x', 'desc'],
    ],
    ['d', 'b', 'c', 'a'],
  ),
  sorts(
    'an integer and a fraction compare by value',
    [
      { _id: 'half', v: 1.5 },
      { _id: 'one', v: 1 },
      { _id: 'big', v: 2 ** 40 },
      { _id: 'two', v: 2 },
    ],
    [['v', 'asc']],
    ['one', 'half', 'two', 'big'],
  ),
  sorts(
    'lists sort by their least element, through the objects in them',
    [
      { _id: 'x', l: [{ n: 5 }, { n: 1 }] },
      { _id: 'y', l: [{ n: 2 }] },
      { _id: 'z', l: { n: 0 } },
    ],
    [['l.n', 'asc']],
    ['z', 'x', 'y'],
  ),
  sorts(
    'a path that leads nowhere sorts as null',
    [
      { _id: 'deep', o: { n: 1 } },
      { _id: 'flat', o: 5 },
    ],
    [['o.n', 'asc']],
    ['flat', 'deep'],
  ),
  sorts(
    'objects sort field by field: type, name, value, length',
    objects,
    [['v', 'asc']],
    ['ab', 'long', 'b', 'text'],
  ),
  sorts(
    'dates sort before and after 1970',
    [
      { _id: 'after', v: new Date(1) },
      { _id: 'before', v: new Date(-1) },
    ],
    [['v', 'asc']],
    ['before', 'after'],
  ),

  leaves('a path keeps the objects on its way', { 'o.y.z': true }, { _id: 'r', o: { y: { z: 2 } } }),
  leaves('a missing field is left out, null is kept', { nul: true, none: true }, { _id: 'r', nul: null }),
  leaves('a path into a number leaves the number out', { 'a.b': true }, { _id: 'r' }),
  leaves(
    'a path into a list keeps objects only',
    { 'rows.k': true },
    { _id: 'r', rows: [{ k: 1 }, { k: 2 }] },
  ),
  leaves(
    'a path goes into lists of lists',
    { 'nested.k': true },
    { _id: 'r', nested: [[{ k: 1 }], { k: 2 }] },
  ),
  leaves('an index is no part of a projection', { 'list.0': true }, { _id: 'r', list: [] }),
  leaves(
    'excluding a nested field keeps its neighbours',
    { 'o.y.z': false, list: false, rows: false, nested: false },
    { _id: 'r', a: 1, nul: null, o: { x: 1, y: { w: 3 } } },
  ),
  leaves(
    'excluding in a list goes into its objects',
    { 'rows.k': false, list: false, o: false, nested: false },
    { _id: 'r', a: 1, nul: null, rows: [{ v: 'a' }, {}, 7] },
  ),
  leaves('only _id', { _id: true }, { _id: 'r' }),
  leaves('all but _id', { _id: false }, { n: 1 }, { _id: 'x', n: 1 }),
  leaves(
    'slice from the end beside an inclusion',
    { a: true, list: { $slice: -2 } },
    { _id: 'r', a: 1, list: [3, 4] },
  ),
  leaves(
    'slice of more than there is',
    { a: true, list: { $slice: [1, 99] } },
    { _id: 'r', a: 1, list: [2, 3, 4] },
  ),
  leaves(
    'slice beyond the beginning begins there',
    { a: true, list: { $slice: [-99, 2] } },
    { _id: 'r', a: 1, list: [1, 2] },
  ),
  leaves(
    'slice of what is no list changes nothing',
    { o: { $slice: 1 } },
    { _id: 'x', o: 5 },
    { _id: 'x', o: 5 },
  ),
  leaves(
    'elemMatch without a match leaves the field out',
    { a: true, rows: { $elemMatch: { k: 9 } } },
    { _id: 'r', a: 1 },
  ),
  leaves(
    'elemMatch of operators',
    { rows: { $elemMatch: { k: { $gt: 1 } } } },
    { _id: 'r', rows: [{ k: 2 }] },
  ),
  refuses('slice of a negative count is refused', { list: { $slice: [1, -1] } }, /\$slice/),
  refuses(
    'an operator that is none of projections is refused',
    { a: { $foo: 1 } },
    /Unsupported projection option: a/,
  ),
]
