import type { Database } from '../../support/mock-sdk/database.ts'
import type { StoredDoc } from '../../support/raw-collection.ts'
import type { DatabaseCase } from './case.ts'

type Command = Database['command']

/** One document `x` before and after `doc('x').update`. */
function turns(
  name: string,
  before: StoredDoc,
  change: (_: Command, db: Database) => object,
  after: StoredDoc,
  updated = 1,
): DatabaseCase {
  return {
    name,
    items: [{ _id: 'x', ...before }],
    run: (db, _) =>
      db
        .collection('items')
        .doc('x')
        .update({ data: change(_, db) }),
    returns: { stats: { updated }, errMsg: 'document.update:ok' },
    leaves: [{ _id: 'x', ...after }],
  }
}

/** A change that the server refuses, and that changes nothing. */
function refuses(
  name: string,
  before: StoredDoc,
  change: (_: Command) => object,
  errMsg: RegExp = /^document\.update:fail -502001 database request fail\. ./,
): DatabaseCase {
  return {
    name,
    items: [{ _id: 'x', ...before }],
    run: (db, _) =>
      db
        .collection('items')
        .doc('x')
        .update({ data: change(_) }),
    fails: { errCode: -502001, errMsg, code: null },
    leaves: [{ _id: 'x', ...before }],
  }
}

/** Every update command, and what MongoDB's manual says it does. */
export const updateCases: DatabaseCase[] = [
  turns('a nested object is merged, not replaced', { s: { a: 1, b: 2 } }, () => ({ s: { a: 9 } }), {
    s: { a: 9, b: 2 },
  }),
  turns('a dotted path sets one nested field', { s: { a: 1, b: 2 } }, () => ({ 's.a': 9 }), {
    s: { a: 9, b: 2 },
  }),
  turns('a dotted path makes the objects on its way', { n: 1 }, () => ({ 'p.q.r': 5 }), {
    n: 1,
    p: { q: { r: 5 } },
  }),
  turns('a path with an index sets one element', { l: [1, 2, 3] }, () => ({ 'l.1': 9 }), { l: [1, 9, 3] }),
  turns('a path with an index beyond the end fills with null', { l: [1] }, () => ({ 'l.3': 9 }), {
    l: [1, null, null, 9],
  }),
  turns('a path goes into an object of an array', { l: [{ a: 1, b: 2 }] }, () => ({ 'l.0.a': 9 }), {
    l: [{ a: 9, b: 2 }],
  }),
  turns('an array is replaced whole', { l: [1, 2, 3] }, () => ({ l: [9] }), { l: [9] }),
  turns('an empty object vanishes from a change', { n: 1, s: { a: 1 } }, () => ({ n: 2, s: {} }), {
    n: 2,
    s: { a: 1 },
  }),
  turns(
    'a change of nothing but empty objects is no change',
    { s: { a: 1 } },
    () => ({ s: {} }),
    { s: { a: 1 } },
    0,
  ),
  turns('undefined is dropped from a change', { a: 1, b: 1 }, () => ({ a: 2, b: undefined }), { a: 2, b: 1 }),
  turns('null is a value', { a: 1 }, () => ({ a: null }), { a: null }),
  turns('set replaces a nested object whole', { s: { a: 1, b: 2 } }, (_) => ({ s: _.set({ c: 3 }) }), {
    s: { c: 3 },
  }),
  turns('set takes an empty object', { s: { a: 1 } }, (_) => ({ s: _.set({}) }), { s: {} }),
  turns('set works in depth', { s: { t: { a: 1 }, u: 1 } }, (_) => ({ s: { t: _.set({ b: 2 }) } }), {
    s: { t: { b: 2 }, u: 1 },
  }),
  turns('remove takes the field away', { a: 1, b: 2 }, (_) => ({ a: _.remove() }), { b: 2 }),
  turns('remove of a nested field leaves its object', { s: { a: 1 } }, (_) => ({ s: { a: _.remove() } }), {
    s: {},
  }),
  turns('remove of a missing field changes nothing', { a: 1 }, (_) => ({ zz: _.remove() }), { a: 1 }, 0),
  turns('remove of an array element leaves null', { l: [1, 2, 3] }, (_) => ({ 'l.1': _.remove() }), {
    l: [1, null, 3],
  }),
  turns('inc adds', { n: 5 }, (_) => ({ n: _.inc(3) }), { n: 8 }),
  turns('inc subtracts with a negative number', { n: 5 }, (_) => ({ n: _.inc(-7) }), { n: -2 }),
  turns('inc begins at zero', { a: 1 }, (_) => ({ n: _.inc(2) }), { a: 1, n: 2 }),
  turns('inc by a fraction gives a fraction', { n: 1 }, (_) => ({ n: _.inc(0.5) }), { n: 1.5 }),
  turns('inc by zero changes nothing', { n: 5 }, (_) => ({ n: _.inc(0) }), { n: 5 }, 0),
  turns('inc passes the range of 32 bits', { n: 2147483647 }, (_) => ({ n: _.inc(1) }), { n: 2147483648 }),
  turns('inc works on a nested path', { s: { n: 1 } }, (_) => ({ 's.n': _.inc(1), 't.n': _.inc(1) }), {
    s: { n: 2 },
    t: { n: 1 },
  }),
  turns('mul multiplies', { n: 5 }, (_) => ({ n: _.mul(3) }), { n: 15 }),
  turns('mul of a missing field gives zero', { a: 1 }, (_) => ({ n: _.mul(3) }), { a: 1, n: 0 }),
  turns('min keeps the smaller', { n: 5 }, (_) => ({ n: _.min(3) }), { n: 3 }),
  turns('min leaves what is smaller already', { n: 5 }, (_) => ({ n: _.min(8) }), { n: 5 }, 0),
  turns('max keeps the larger', { n: 5 }, (_) => ({ n: _.max(8) }), { n: 8 }),
  turns('max sets a missing field', { a: 1 }, (_) => ({ n: _.max(8) }), { a: 1, n: 8 }),
  turns('rename moves a field', { a: 1, b: 2 }, (_) => ({ a: _.rename('c') }), { b: 2, c: 1 }),
  turns('rename of a missing field changes nothing', { b: 2 }, (_) => ({ a: _.rename('c') }), { b: 2 }, 0),
  turns('bit computes and', { n: 13 }, (_) => ({ n: _.bit({ and: 10 }) }), { n: 8 }),
  turns('push adds at the end', { l: [1] }, (_) => ({ l: _.push(2) }), { l: [1, 2] }),
  turns('push adds several arguments', { l: [1] }, (_) => ({ l: _.push(2, 3) }), { l: [1, 2, 3] }),
  turns('push of an array adds its elements', { l: [1] }, (_) => ({ l: _.push([2, 3]) }), { l: [1, 2, 3] }),
  turns('push makes a missing array', { a: 1 }, (_) => ({ l: _.push('x') }), { a: 1, l: ['x'] }),
  turns('push adds objects', { l: [] }, (_) => ({ l: _.push({ k: { v: 1 } }) }), { l: [{ k: { v: 1 } }] }),
  turns('push each at a position', { l: [1, 4] }, (_) => ({ l: _.push({ each: [2, 3], position: 1 }) }), {
    l: [1, 2, 3, 4],
  }),
  turns(
    'push each with a slice keeps the last',
    { l: [1, 2, 3] },
    (_) => ({ l: _.push({ each: [4], slice: -2 }) }),
    { l: [3, 4] },
  ),
  turns(
    'push each with a sort orders objects',
    { l: [{ n: 2 }] },
    (_) => ({ l: _.push({ each: [{ n: 3 }, { n: 1 }], sort: { n: 1 } }) }),
    { l: [{ n: 1 }, { n: 2 }, { n: 3 }] },
  ),
  turns(
    'push each with a sort of values descending and a slice',
    { l: [2] },
    (_) => ({ l: _.push({ each: [3, 1], sort: -1, slice: 2 }) }),
    { l: [3, 2] },
  ),
  turns('unshift adds at the front in order', { l: [3] }, (_) => ({ l: _.unshift([1, 2]) }), {
    l: [1, 2, 3],
  }),
  turns('pop takes the last', { l: [1, 2, 3] }, (_) => ({ l: _.pop() }), { l: [1, 2] }),
  turns('shift takes the first', { l: [1, 2, 3] }, (_) => ({ l: _.shift() }), { l: [2, 3] }),
  turns('pop of an empty array changes nothing', { l: [] }, (_) => ({ l: _.pop() }), { l: [] }, 0),
  turns('pull takes every equal element', { l: [1, 2, 1] }, (_) => ({ l: _.pull(1) }), { l: [2] }),
  turns('pull takes what a command matches', { l: [1, 5, 9] }, (_) => ({ l: _.pull(_.gt(4)) }), { l: [1] }),
  turns(
    'pull takes objects by some of their fields',
    {
      l: [
        { a: 1, b: 1 },
        { a: 2, b: 1 },
      ],
    },
    (_) => ({ l: _.pull({ a: 1 }) }),
    { l: [{ a: 2, b: 1 }] },
  ),
  turns(
    'pull takes objects by a command on a field',
    { l: [{ a: 1 }, { a: 5 }] },
    (_) => ({ l: _.pull({ a: _.gt(3) }) }),
    { l: [{ a: 1 }] },
  ),
  turns('pull takes any of several', { l: [1, 2, 3] }, (_) => ({ l: _.pull(_.in([1, 3])) }), { l: [2] }),
  turns('pull without a match changes nothing', { l: [1] }, (_) => ({ l: _.pull(9) }), { l: [1] }, 0),
  turns('pullAll takes every listed value', { l: [1, 2, 3, 1] }, (_) => ({ l: _.pullAll([1, 3]) }), {
    l: [2],
  }),
  turns('addToSet adds what is new', { l: [1] }, (_) => ({ l: _.addToSet(2) }), { l: [1, 2] }),
  turns('addToSet leaves what is there', { l: [1, 2] }, (_) => ({ l: _.addToSet(2) }), { l: [1, 2] }, 0),
  turns(
    'addToSet compares objects whole',
    { l: [{ a: 1 }] },
    (_) => ({ l: _.addToSet({ a: 1 }) }),
    { l: [{ a: 1 }] },
    0,
  ),
  turns('addToSet takes several with $each', { l: [1] }, (_) => ({ l: _.addToSet({ $each: [1, 2, 3] }) }), {
    l: [1, 2, 3],
  }),
  turns(
    'addToSet does not translate each: the object itself is added',
    { l: [] },
    (_) => ({ l: _.addToSet({ each: [1] }) }),
    { l: [{ each: [1] }] },
  ),
  turns(
    'several commands work together',
    { n: 1, l: [1], z: 1 },
    (_) => ({ n: _.inc(1), l: _.push(2), z: _.remove(), t: 'x' }),
    { n: 2, l: [1, 2], t: 'x' },
  ),
  turns('operators of MongoDB itself pass through', { n: 1 }, () => ({ $inc: { n: 2 }, c: 3 }), {
    n: 3,
    c: 3,
  }),
  refuses('inc of a text is refused', { n: 'five' }, (_) => ({ n: _.inc(1) })),
  refuses('inc of null is refused', { n: null }, (_) => ({ n: _.inc(1) })),
  refuses('push on what is no array is refused', { l: 'x' }, (_) => ({ l: _.push(1) })),
  refuses('pop on what is no array is refused', { l: 5 }, (_) => ({ l: _.pop() })),
  refuses('addToSet on what is no array is refused', { l: 5 }, (_) => ({ l: _.addToSet(1) })),
  refuses('a path through a number is refused', { n: 5 }, () => ({ 'n.a': 1 })),
  refuses('a path through null is refused', { n: null }, () => ({ 'n.a': 1 })),
  refuses('two changes of one path are refused', { n: 5 }, () => ({ $set: { n: 1 }, $inc: { n: 1 } })),
  refuses('a change of a field and of what is below it is refused', { s: { a: 1 } }, (_) => ({
    s: _.set({ a: 2 }),
    's.a': 3,
  })),
  refuses('an unknown operator is refused', { n: 5 }, () => ({ $nonsense: { n: 1 } })),
  {
    name: 'where().update refuses as a whole: what was changed before the refusal is a fault of one document only',
    items: [{ _id: 'a', n: 'text' }],
    run: (db, _) =>
      db
        .collection('items')
        .where({ _id: 'a' })
        .update({ data: { n: _.inc(1) } }),
    fails: { errCode: -502001, errMsg: /^collection\.update:fail -502001 /, code: null },
    leaves: [{ _id: 'a', n: 'text' }],
  },
  {
    name: 'a condition and its change are one step: of two buyers of the last unit one gets it',
    items: [{ _id: 's', stock: 1 }],
    run: async (db, _) => {
      const buy = () =>
        db
          .collection('items')
          .where({ _id: 's', stock: _.gte(1) })
          .update({ data: { stock: _.inc(-1) } })
      const results = await Promise.all([buy(), buy(), buy()])
      return results.map(({ stats }) => stats.updated).sort()
    },
    returns: [0, 0, 1],
    leaves: [{ _id: 's', stock: 0 }],
  },
  {
    name: 'concurrent inc loses nothing',
    items: [{ _id: 's', n: 0 }],
    run: async (db, _) => {
      await Promise.all(
        Array.from({ length: 20 }, () =>
          db
            .collection('items')
            .doc('s')
            .update({ data: { n: _.inc(1) } }),
        ),
      )
      return (await db.collection('items').doc('s').get()).data
    },
    returns: { _id: 's', n: 20 },
  },
]
