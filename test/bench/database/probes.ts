/** The questions of the benchmark: each touches as many documents in a large collection as in a small one. */
import { ownerOf, placeOf } from './documents.ts'

export interface Probe {
  title: string
  /** @param n picks the document that the question is about, of `count` */
  request(n: number, count: number): { action: string; body: Record<string, unknown> }
}

export const probes: Probe[] = [
  find('by _id', (n) => ({ _id: `order${n}` })),
  find('by a unique key', (n) => ({ sku: `sku${n}` })),
  find('20 documents of one key', (n, count) => ({ owner: ownerOf(n, count) })),
  find('20 of a prefix, in order of the index', (n) => ({ status: n % 4 }), { createdAtMs: -1 }),
  find('20 of two prefixes ($in), merged in order', () => ({ status: { $in: [0, 2] } }), { createdAtMs: -1 }),
  find('20 of a range, in order', (n) => ({ number: { $gte: n } }), { number: 1 }),
  find('20 of $or over two indexes', (n, count) => ({
    $or: [{ sku: `sku${n}` }, { owner: ownerOf(n, count) }],
  })),
  find('an element of an array', (n) => ({ tags: `tag${Math.floor(n / 10)}` })),
  find('the last 20, order alone', () => ({}), { number: -1 }),
  // As many documents on either side: the circle shrinks as they come closer together.
  find('within a circle ($geoWithin)', (n, count) => ({
    at: { $geoWithin: { $centerSphere: [placeOf(n), 0.0155 / Math.sqrt(count)] } },
  })),
  find('the nearest 20 ($near)', (n) => ({
    at: { $near: { $geometry: { type: 'Point', coordinates: placeOf(n) } } },
  })),
  find('one key, sorted in memory', (n, count) => ({ owner: ownerOf(n, count) }), { createdAtMs: -1 }),
  {
    title: 'count of one key',
    request: (n, count) => ({
      action: 'database.calculateDocument',
      body: { query: JSON.stringify({ owner: ownerOf(n, count) }) },
    }),
  },
  { title: 'count of all', request: () => ({ action: 'database.calculateDocument', body: {} }) },
  {
    title: 'update by _id',
    request: (n) => ({
      action: 'database.modifyDocument',
      body: {
        query: JSON.stringify({ _id: `order${n}` }),
        data: JSON.stringify({ $inc: { views: 1 } }),
        multi: false,
        merge: true,
        upsert: false,
      },
    }),
  },
  {
    title: 'aggregation: match one key, group',
    request: (n, count) => ({
      action: 'database.aggregateDocuments',
      body: {
        stages: [
          { stageKey: '$match', stageValue: JSON.stringify({ owner: ownerOf(n, count) }) },
          { stageKey: '$group', stageValue: '{"_id":"$status","n":{"$sum":1}}' },
        ],
      },
    }),
  },
]

function find(
  title: string,
  query: (n: number, count: number) => Record<string, unknown>,
  order?: Record<string, 1 | -1>,
): Probe {
  return {
    title,
    request: (n, count) => ({
      action: 'database.getDocument',
      body: { query: JSON.stringify(query(n, count)), order: order && JSON.stringify(order), limit: 20 },
    }),
  }
}
