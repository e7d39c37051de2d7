import type { Db } from '@cloudbase/database'
import type { StoredDoc } from '../../support/raw-collection.ts'
import { START_MS } from './case.ts'

/** What only `options({ raw: true })` of `@cloudbase/node-sdk` can send, as the SDK hands back its answer. */
export interface RawCase {
  name: string
  items?: readonly StoredDoc[]
  others?: Readonly<Record<string, readonly StoredDoc[]>>
  run(db: Db): Promise<unknown>
  returns?: unknown
  fails?: { code: string; message: RegExp }
  leaves?: readonly StoredDoc[]
}

const staff = [
  { _id: 'ann', boss: null, level: 3 },
  { _id: 'bo', boss: 'ann', level: 2 },
  { _id: 'cy', boss: 'bo', level: 1 },
  { _id: 'di', boss: 'bo', level: 1 },
]
const notes = [
  {
    _id: 1,
    level: 1,
    text: 'open',
    inner: [
      { level: 5, text: 'secret' },
      { level: 1, text: 'known' },
    ],
  },
]

function gives(
  name: string,
  pipeline: object[],
  list: unknown,
  items: readonly StoredDoc[] = staff,
): RawCase {
  return {
    name,
    items,
    others: { more: [{ _id: 'm', level: 9 }] },
    run: (db) => aggregate(db, pipeline),
    returns: list,
  }
}

function refuses(
  name: string,
  pipeline: object[],
  message: RegExp,
  code = 'DATABASE_REQUEST_FAILED',
): RawCase {
  return { name, items: staff, run: (db) => aggregate(db, pipeline), fails: { code, message } }
}

async function aggregate(db: Db, pipeline: object[]): Promise<unknown> {
  const raw = db.collection('items').options({ raw: true })
  // The package types the raw pipeline nowhere.
  const { data } = await (
    raw as unknown as { aggregate(stages: object[]): { end(): Promise<{ data: unknown }> } }
  )
    .aggregate(pipeline)
    .end()
  return data
}

export const rawCases: RawCase[] = [
  gives(
    '$facet runs several pipelines over the same documents',
    [
      {
        $facet: {
          count: [{ $count: 'n' }],
          low: [{ $match: { level: 1 } }, { $project: { _id: 1 } }],
          none: [{ $match: { level: 0 } }],
        },
      },
    ],
    [{ count: [{ n: 4 }], low: [{ _id: 'cy' }, { _id: 'di' }], none: [] }],
  ),
  refuses(
    '$facet within $facet is refused',
    [{ $facet: { a: [{ $facet: { b: [] } }] } }],
    /\$facet is not allowed to be used within a \$facet stage/,
  ),
  gives(
    '$graphLookup follows references',
    [
      { $match: { _id: 'cy' } },
      {
        $graphLookup: {
          from: 'items',
          startWith: '$boss',
          connectFromField: 'boss',
          connectToField: '_id',
          as: 'above',
          depthField: 'depth',
        },
      },
      { $project: { 'above._id': 1, 'above.depth': 1 } },
    ],
    [
      {
        _id: 'cy',
        above: [
          { _id: 'bo', depth: 0 },
          { _id: 'ann', depth: 1 },
        ],
      },
    ],
  ),
  gives(
    '$graphLookup stops at a depth and keeps to a condition',
    [
      { $match: { _id: 'ann' } },
      {
        $graphLookup: {
          from: 'items',
          startWith: '$_id',
          connectFromField: '_id',
          connectToField: 'boss',
          as: 'below',
          maxDepth: 1,
          restrictSearchWithMatch: { _id: { $ne: 'di' } },
        },
      },
      { $project: { 'below._id': 1 } },
    ],
    [{ _id: 'ann', below: [{ _id: 'bo' }, { _id: 'cy' }] }],
  ),
  gives(
    '$graphLookup ends where references go round',
    [
      { $match: { _id: 'a' } },
      {
        $graphLookup: {
          from: 'items',
          startWith: '$to',
          connectFromField: 'to',
          connectToField: '_id',
          as: 'all',
        },
      },
      { $project: { n: { $size: '$all' } } },
    ],
    [{ _id: 'a', n: 2 }],
    [
      { _id: 'a', to: 'b' },
      { _id: 'b', to: 'a' },
    ],
  ),
  gives(
    '$unionWith adds the documents of another collection',
    [{ $match: { level: 3 } }, { $unionWith: 'more' }, { $project: { level: 1 } }],
    [
      { _id: 'ann', level: 3 },
      { _id: 'm', level: 9 },
    ],
  ),
  gives(
    '$unionWith runs a pipeline there',
    [
      { $match: { level: 3 } },
      { $unionWith: { coll: 'more', pipeline: [{ $project: { twice: { $multiply: ['$level', 2] } } }] } },
      { $project: { twice: 1 } },
    ],
    [{ _id: 'ann' }, { _id: 'm', twice: 18 }],
  ),
  gives(
    '$redact looks into documents within documents',
    [{ $redact: { $cond: [{ $lte: ['$level', 3] }, '$$DESCEND', '$$PRUNE'] } }],
    [{ _id: 1, level: 1, text: 'open', inner: [{ level: 1, text: 'known' }] }],
    notes,
  ),
  gives(
    '$redact may leave out whole documents',
    [{ $redact: { $cond: [{ $eq: ['$level', 1] }, '$$KEEP', '$$PRUNE'] } }, { $project: { _id: 1 } }],
    [{ _id: 'cy' }, { _id: 'di' }],
  ),
  gives(
    '$set and $unset',
    [{ $match: { _id: 'bo' } }, { $set: { high: { $gt: ['$level', 1] } } }, { $unset: ['boss', 'level'] }],
    [{ _id: 'bo', high: true }],
  ),
  gives('$replaceWith', [{ $match: { _id: 'bo' } }, { $replaceWith: { who: '$_id' } }], [{ who: 'bo' }]),
  gives(
    '$$NOW is the time of the cloud',
    [{ $limit: 1 }, { $project: { _id: 0, now: '$$NOW' } }],
    [{ now: new Date(START_MS) }],
  ),
  gives(
    '$indexStats names the indexes',
    [{ $indexStats: {} }, { $project: { name: 1, key: 1 } }],
    [{ name: '_id_', key: { _id: 1 } }],
  ),
  gives(
    '$collStats counts',
    [{ $collStats: { count: {} } }, { $project: { count: 1, _id: 0 } }],
    [{ count: 4 }],
  ),
  refuses(
    '$indexStats after another stage is refused',
    [{ $match: {} }, { $indexStats: {} }],
    /\$indexStats is only valid as the first stage in a pipeline/,
  ),
  refuses('an unknown stage is refused', [{ $foo: {} }], /Unrecognized pipeline stage name: '\$foo'/),
  refuses('$out is refused clearly', [{ $out: 'more' }], /\$out/, 'NOT_EMULATED'),
  refuses('$merge is refused clearly', [{ $merge: { into: 'more' } }], /\$merge/, 'NOT_EMULATED'),
  {
    name: 'a raw query is not flattened: an object is compared whole',
    items: [
      { _id: 'whole', o: { a: 1 } },
      { _id: 'more', o: { a: 1, b: 2 } },
    ],
    run: async (db) =>
      (
        await db
          .collection('items')
          .options({ raw: true })
          .where({ o: { a: 1 } })
          .get()
      ).data,
    returns: [{ _id: 'whole', o: { a: 1 } }],
  },
  {
    name: 'a raw update says its operators itself',
    items: [{ _id: 'x', o: { a: 1 } }],
    run: async (db) =>
      (
        await db
          .collection('items')
          .options({ raw: true })
          .where({ _id: 'x' })
          .update({ $set: { o: { b: 2 } }, $inc: { n: 1 } })
      ).updated,
    returns: 1,
    leaves: [{ _id: 'x', o: { b: 2 }, n: 1 }],
  },
  {
    name: 'a raw update without operators is refused',
    items: [{ _id: 'x', a: 1 }],
    run: (db) => db.collection('items').options({ raw: true }).where({ _id: 'x' }).update({ a: 2 }),
    fails: { code: 'DATABASE_REQUEST_FAILED', message: /must contain atomic operators|Unknown modifier/ },
    leaves: [{ _id: 'x', a: 1 }],
  },
]
