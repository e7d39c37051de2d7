/** What the collections of the benchmark hold. */
import type { IndexDefinition } from '../../../emulator/database/index.ts'

export const COLLECTION = 'orders'

/** How many documents share an owner, whatever the size of the collection. */
const DOCUMENTS_PER_OWNER = 20

/** The n-th of `count` documents, about 300 bytes. */
export function documentOf(n: number, count: number) {
  return {
    _id: `order${n}`,
    number: n,
    sku: `sku${n}`,
    owner: ownerOf(n, count),
    status: n % 4,
    createdAtMs: { $numberDouble: String(1_700_000_000_000 + n) },
    tags: [`tag${Math.floor(n / 10)}`, `tag${Math.floor(n / 10) + 1}`],
    at: { type: 'Point', coordinates: placeOf(n) },
    note: 'leave it at the door, please',
  }
}

/** All over a city, so that what is near is found among all documents. */
export function placeOf(n: number): [lng: number, lat: number] {
  const [east, north] = [(n * 0.618_034) % 1, (n * 0.754_878) % 1]
  return [113.2 + 0.4 * east, 22.9 + 0.4 * north]
}

export function ownerOf(n: number, count: number): string {
  return `owner${n % (count / DOCUMENTS_PER_OWNER)}`
}

export const indexes: IndexDefinition[] = [
  { name: 'number', fields: [{ path: 'number', direction: 1 }] },
  { name: 'sku', unique: true, fields: [{ path: 'sku', direction: 1 }] },
  { name: 'owner', fields: [{ path: 'owner', direction: 1 }] },
  {
    name: 'status_createdAt',
    fields: [
      { path: 'status', direction: 1 },
      { path: 'createdAtMs', direction: -1 },
    ],
  },
  { name: 'tags', fields: [{ path: 'tags', direction: 1 }] },
  { name: 'at', fields: [{ path: 'at', direction: '2dsphere' }] },
]
