import type { Database } from '../../support/mock-sdk/database.ts'
import { type DatabaseCase, START_MS } from './case.ts'

/** What `add` stores and `get` gives back. */
function survives(name: string, value: unknown, back: unknown = value): DatabaseCase {
  return {
    name,
    run: async (db) => {
      await db.collection('items').add({ data: { _id: 'x', v: value } })
      return (await db.collection('items').doc('x').get()).data
    },
    returns: back === undefined ? { _id: 'x' } : { _id: 'x', v: back },
  }
}

/** What the server's clock becomes in a document. */
function serverTime(name: string, write: (db: Database) => Promise<unknown>, expected: Date): DatabaseCase {
  return {
    name,
    run: async (db) => {
      await write(db)
      return (await db.collection('items').doc('x').get()).data.t
    },
    returns: expected,
  }
}

/** Values as they travel: into the database, through it, and back. */
export const valueCases: DatabaseCase[] = [
  survives('a text with any characters survives', '中文 😀 \u0000 "quoted" $dollar'),
  survives('an empty text survives', ''),
  survives('booleans survive', [true, false]),
  survives('null survives', null),
  survives('undefined is dropped', undefined, undefined),
  survives('undefined in an array becomes null', [1, undefined, 2], [1, null, 2]),
  survives('an integer beyond 32 bits survives', 1767578400000),
  survives('the largest safe integer survives', Number.MAX_SAFE_INTEGER),
  survives('a fraction survives', 0.1 + 0.2),
  survives('a negative fraction survives', -1.5e-9),
  survives('a huge number survives', 1e300),
  survives('NaN survives', Number.NaN),
  survives('infinity survives', [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]),
  survives('minus zero becomes zero', -0, 0),
  survives('a Date survives to the millisecond', new Date(1767578400123)),
  survives('a Date before 1970 survives', new Date(-1)),
  survives('nested arrays survive', [[1, [2]], []]),
  survives('empty objects survive an add', { a: {} }),
  survives('objects keep the order of their keys', { z: 1, a: 2, m: { y: 1, b: 2 } }),
  {
    name: 'a point comes back as a point',
    run: async (db) => {
      await db.collection('items').add({ data: { _id: 'x', at: db.Geo.Point?.(113.32, 23.13) } })
      const { at } = (await db.collection('items').doc('x').get()).data
      return [at.longitude, at.latitude, JSON.parse(JSON.stringify(at))]
    },
    returns: [113.32, 23.13, { type: 'Point', coordinates: [113.32, 23.13] }],
  },
  {
    name: 'a date compares with dates',
    items: [
      { _id: 'early', t: new Date(1000) },
      { _id: 'late', t: new Date(3000) },
      { _id: 'number', t: 2500 },
    ],
    run: async (db, _) =>
      (
        await db
          .collection('items')
          .where({ t: _.gt(new Date(2000)) })
          .get()
      ).data,
    returns: [{ _id: 'late', t: new Date(3000) }],
  },
  {
    name: 'an integer and the same fraction are one number',
    items: [{ _id: 'x', n: 2 }],
    run: async (db, _) =>
      (
        await db
          .collection('items')
          .where({ n: _.eq(2.0).and(_.gte(1.5)) })
          .count()
      ).total,
    returns: 1,
  },
  serverTime(
    'serverDate becomes the time of the server on add',
    (db) => db.collection('items').add({ data: { _id: 'x', t: db.serverDate() } }),
    new Date(START_MS),
  ),
  serverTime(
    'serverDate adds its offset in milliseconds',
    (db) => db.collection('items').add({ data: { _id: 'x', t: db.serverDate({ offset: -60_000 }) } }),
    new Date(START_MS - 60_000),
  ),
  serverTime(
    'serverDate works in set',
    (db) =>
      db
        .collection('items')
        .doc('x')
        .set({ data: { t: db.serverDate({ offset: 5 }) } }),
    new Date(START_MS + 5),
  ),
  {
    name: 'serverDate works in update, in depth and in arrays, and follows the clock',
    items: [{ _id: 'x', l: [] }],
    run: async (db, _, { advance }) => {
      await advance(3_600_000)
      const data = { t: db.serverDate(), s: { u: db.serverDate() }, l: _.push(db.serverDate()) }
      await db.collection('items').doc('x').update({ data })
      return (await db.collection('items').doc('x').get()).data
    },
    returns: {
      _id: 'x',
      t: new Date(START_MS + 3_600_000),
      s: { u: new Date(START_MS + 3_600_000) },
      l: [new Date(START_MS + 3_600_000)],
    },
  },
  {
    name: 'serverDate compares in a condition',
    items: [
      { _id: 'past', t: new Date(START_MS - 1) },
      { _id: 'future', t: new Date(START_MS + 1) },
    ],
    run: async (db, _) =>
      (
        await db
          .collection('items')
          .where({ t: _.lt(db.serverDate()) })
          .get()
      ).data,
    returns: [{ _id: 'past', t: new Date(START_MS - 1) }],
  },
  {
    name: 'a serverDate inside _.set loses its meaning: the SDK sends it as a plain object',
    items: [{ _id: 'x' }],
    run: async (db, _) => {
      await db
        .collection('items')
        .doc('x')
        .update({ data: { t: _.set(db.serverDate()) } })
      return (await db.collection('items').doc('x').get()).data
    },
    returns: { _id: 'x', t: { offset: 0 } },
  },
  {
    name: 'a document over 512 kB is refused',
    run: (db) => db.collection('items').add({ data: { _id: 'x', text: 'x'.repeat(513 * 1024) } }),
    fails: { errMsg: /^collection\.add:fail -50\d{4} /, code: null },
    leaves: [],
  },
  {
    name: 'a document just under 512 kB is stored',
    run: async (db) => {
      await db.collection('items').add({ data: { _id: 'x', text: 'x'.repeat(500 * 1024) } })
      return (await db.collection('items').doc('x').get()).data.text.length
    },
    returns: 500 * 1024,
  },
]
