import { createHash } from 'node:crypto'
import * as z from 'zod'
import { type Collection, collection, type Doc } from '../_kernel/index.ts'

/** Rows of any collection, whatever their shape. */
export function anyRows(name: string): Collection<AnyRow> {
  return collection(name, z.looseObject({ _id: z.string() }))
}

export type AnyRow = Doc & Record<string, unknown>

/**
 * JSON Lines. A date becomes `{"$date": epoch ms}`, which no stored field can be: the database takes no name that begins
 * with `$`. Places are GeoJSON, and are stored as that.
 */
export function toLines(rows: readonly AnyRow[]): string {
  return rows.map((row) => `${JSON.stringify(tagged(row))}\n`).join('')
}

export function fromLines(text: string): AnyRow[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => anyRow.parse(JSON.parse(line, (_key, value) => untagged(value))))
}

export function fingerprint(content: Buffer): { bytes: number; sha256: string } {
  return { bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') }
}

const anyRow = z.looseObject({ _id: z.string() })

/** Before JSON sees it, because `Date` has a `toJSON` of its own that would win. */
function tagged(value: unknown): unknown {
  if (value instanceof Date) return { $date: value.getTime() }
  if (Array.isArray(value)) return value.map(tagged)
  if (typeof value !== 'object' || value === null) return value
  if ('toJSON' in value) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, tagged(item)]))
}

function untagged(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('$date' in value)) return value
  return new Date(Number(value.$date))
}
