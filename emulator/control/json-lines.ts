/** Collections as JSON Lines: one document per line, dates as `{"$date": "ISO"}`, as the platform imports and exports. */
import { WireError } from '../core/errors.ts'

export type ConflictMode = 'insert' | 'upsert'

/** An action of the database's wire. */
type Handle = (action: string, body: Record<string, unknown>) => Promise<Record<string, unknown>>

interface Line {
  number: number
  document: Record<string, unknown>
}

export function exportLines(documents: readonly string[]): string {
  return documents.map((text) => `${JSON.stringify(withIsoDates(JSON.parse(text)))}\n`).join('')
}

/**
 * `insert` adds every line or none; `upsert` replaces the documents whose `_id` exists, one after the other. Nothing is
 * written when a line cannot be read.
 */
export async function importLines(
  handle: Handle,
  collectionName: string,
  text: string,
  mode: ConflictMode,
): Promise<{ inserted: number; replaced: number }> {
  const lines = readLines(text)
  const fresh = mode === 'insert' ? lines : lines.filter(({ document }) => document._id === undefined)
  let inserted = fresh.length
  if (fresh.length > 0) {
    const data = fresh.map(({ document }) => JSON.stringify(document))
    await handle('database.insertDocument', { collectionName, data })
  }
  if (mode === 'insert') return { inserted, replaced: 0 }
  let replaced = 0
  for (const { number, document } of lines) {
    if (document._id === undefined) continue
    if (await upsert(handle, collectionName, document, number)) inserted += 1
    else replaced += 1
  }
  return { inserted, replaced }
}

/** @returns whether it was new. */
async function upsert(
  handle: Handle,
  collectionName: string,
  { _id, ...rest }: Record<string, unknown>,
  number: number,
): Promise<boolean> {
  try {
    const { data } = await handle('database.modifyDocument', {
      collectionName,
      query: JSON.stringify({ _id }),
      data: JSON.stringify(rest),
      multi: false,
      merge: false,
      upsert: true,
    })
    return typeof data === 'object' && data !== null && 'upsert_id' in data
  } catch (error) {
    if (!(error instanceof WireError)) throw error
    throw new WireError(error.code, `line ${number}: ${error.message}; the lines before it are stored`)
  }
}

function readLines(text: string): Line[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  return lines.flatMap((line, index) => (line.trim() === '' ? [] : [readLine(line, index + 1)]))
}

function readLine(line: string, number: number): Line {
  const document = parse(line, number)
  if (Array.isArray(document))
    throw invalid(number, 'one document per line is expected, not an array of them')
  if (typeof document !== 'object' || document === null) throw invalid(number, 'a document is an object')
  assertKeys(document, number)
  return { number, document: { ...document } }
}

function parse(line: string, number: number): unknown {
  try {
    return JSON.parse(line)
  } catch (error) {
    throw invalid(number, `not JSON: ${error instanceof Error ? error.message : error}`)
  }
}

function assertKeys(value: unknown, number: number): void {
  if (typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries(value)) {
    if (/^\.|\.$|\.\./.test(key))
      throw invalid(number, `the key "${key}" must not begin or end with a dot, nor hold two in a row`)
    assertKeys(inner, number)
  }
}

function invalid(number: number, why: string): WireError {
  return new WireError('INVALID_PARAM', `line ${number}: ${why}`)
}

/** Stored dates are `{"$date":{"$numberLong":"…"}}`. */
function withIsoDates(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(withIsoDates)
  const entries = Object.entries(value)
  const [first] = entries
  if (entries.length === 1 && first?.[0] === '$date') return { $date: isoOf(first[1]) }
  return Object.fromEntries(entries.map(([key, inner]) => [key, withIsoDates(inner)]))
}

/** Dates beyond what ISO texts of four-digit years can say stay as they are. */
function isoOf(inner: unknown): unknown {
  const ms =
    typeof inner === 'object' && inner !== null ? Number(Reflect.get(inner, '$numberLong')) : Number.NaN
  const iso = Number.isNaN(ms) ? '' : new Date(ms).toISOString()
  return /^\d{4}-/.test(iso) ? iso : inner
}
