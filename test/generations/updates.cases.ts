import type { Database } from '../support/mock-sdk/database.ts'
import { type GenerationCase, NOW_MS } from './case.ts'

const before = { _id: 'x', n: 5, list: [3, 1, 2], name: 'x', deep: { a: 1, b: 2 } }

/** One document updated with commands. */
function becomes(
  name: string,
  data: (_: Database['command'], db: Database) => object,
  after: object,
): GenerationCase {
  return {
    name,
    items: [before],
    run: (items, _, { db }) => items.doc('x').update({ data: data(_, db) }),
    leaves: [{ ...before, ...after }],
  }
}

/** update with the commands that programs use, of one document and of many. */
export const updateCases: GenerationCase[] = [
  becomes('inc', (_) => ({ n: _.inc(-2) }), { n: 3 }),
  becomes('inc of a nested field', (_) => ({ deep: { a: _.inc(10) } }), { deep: { a: 11, b: 2 } }),
  becomes('inc of a field that is not there', (_) => ({ views: _.inc(1) }), { views: 1 }),
  becomes('mul', (_) => ({ n: _.mul(3) }), { n: 15 }),
  becomes('max and min', (_) => ({ n: _.max(9), 'deep.a': _.min(0) }), { n: 9, deep: { a: 0, b: 2 } }),
  becomes('set replaces an object as a whole', (_) => ({ deep: _.set({ c: 3 }) }), { deep: { c: 3 } }),
  becomes('remove takes a field away', (_) => ({ deep: { a: _.remove() } }), { deep: { b: 2 } }),
  becomes('rename', (_) => ({ name: _.rename('title') }), { title: 'x', name: undefined }),
  becomes('push one', (_) => ({ list: _.push(9) }), { list: [3, 1, 2, 9] }),
  becomes('push several', (_) => ({ list: _.push([8, 9]) }), { list: [3, 1, 2, 8, 9] }),
  becomes('push an object', (_) => ({ list: _.push([{ at: 1 }]) }), { list: [3, 1, 2, { at: 1 }] }),
  becomes(
    'push with place, order and length',
    (_) => ({ list: _.push({ each: [9, 0], position: 0, sort: 1, slice: 3 }) }),
    { list: [0, 1, 2] },
  ),
  becomes('unshift', (_) => ({ list: _.unshift(7) }), { list: [7, 3, 1, 2] }),
  becomes('pop', (_) => ({ list: _.pop() }), { list: [3, 1] }),
  becomes('shift', (_) => ({ list: _.shift() }), { list: [1, 2] }),
  becomes('pull', (_) => ({ list: _.pull(1) }), { list: [3, 2] }),
  becomes('addToSet', (_) => ({ list: _.addToSet(1), name: 'y' }), { name: 'y' }),
  becomes('serverDate', (_, db) => ({ at: db.serverDate() }), { at: new Date(NOW_MS) }),
  {
    name: 'where update changes all that match and counts them',
    items: [
      { _id: 'a', n: 1 },
      { _id: 'b', n: 2 },
      { _id: 'c', n: 3 },
    ],
    run: async (items, _) => (await items.where({ n: _.lt(3) }).update({ data: { n: _.inc(10) } })).stats,
    returns: { updated: 2 },
    leaves: [
      { _id: 'a', n: 11 },
      { _id: 'b', n: 12 },
      { _id: 'c', n: 3 },
    ],
  },
  {
    name: 'where update that finds nothing changes nothing',
    items: [{ _id: 'a' }],
    run: async (items) => (await items.where({ _id: 'none' }).update({ data: { n: 1 } })).stats,
    returns: { updated: 0 },
  },
  {
    name: 'where remove takes all that match and counts them',
    items: [
      { _id: 'a', n: 1 },
      { _id: 'b', n: 2 },
      { _id: 'c', n: 3 },
    ],
    run: async (items, _) => (await items.where({ n: _.gte(2) }).remove()).stats,
    returns: { removed: 2 },
    leaves: [{ _id: 'a', n: 1 }],
  },
]
