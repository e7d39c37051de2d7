/**
 * Documents and index entries in one LMDB environment. Reads see the last commit, or a snapshot; inside a write
 * transaction they see what it has written so far.
 *
 * A document lies under its record number, which grows with each insert, so that documents without an order come in
 * the order of their insertion. An index entry points to a record; `_id_` is the first unique index.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { open, type RootDatabase, type Database as Table, type Transaction } from 'lmdb'
import { Catalogue, type Collection, type Index } from './catalogue.ts'

/** What a read looks at: a snapshot, or undefined for the latest state. */
export type View = { transaction: Transaction } | undefined

const MAX_OPEN_SNAPSHOTS = 2_000
const RECORD_BYTES = 6

export class Store {
  readonly catalogue: Catalogue
  private readonly root: RootDatabase<string, string>
  private readonly documents: Table<string, Buffer>
  private readonly entries: Table<Buffer, Buffer>
  private readonly temporaryDir: string | undefined
  private readonly nextRecords = new Map<number, number>()

  /** @param dir undefined keeps the data in a temporary folder that goes away on close, and never waits for a disk. */
  constructor(dir: string | undefined) {
    this.temporaryDir = dir === undefined ? mkdtempSync(join(tmpdir(), 'database-')) : undefined
    this.root = open<string, string>({
      path: dir ?? this.temporaryDir,
      encoding: 'string',
      maxDbs: 4,
      maxReaders: MAX_OPEN_SNAPSHOTS,
      noSync: dir === undefined,
    })
    this.documents = this.root.openDB({ name: 'documents', keyEncoding: 'binary', encoding: 'string' })
    this.entries = this.root.openDB({ name: 'entries', keyEncoding: 'binary', encoding: 'binary' })
    const catalogue = this.root.openDB<string, string>({ name: 'catalogue', encoding: 'string' })
    // Files that are open live on without a name, so that a killed process leaves nothing behind.
    if (this.temporaryDir && process.platform !== 'win32') rmSync(this.temporaryDir, { recursive: true })
    this.catalogue = new Catalogue(catalogue)
  }

  /**
   * Runs `work` in one write transaction; what it throws undoes all of it. Settles when the commit would survive the
   * death of the process.
   */
  async transaction(work: () => void): Promise<void> {
    if (this.temporaryDir) this.root.transactionSync(work)
    else await this.root.childTransaction(work)
  }

  /** A view that stays as it is now until it is released. */
  snapshot(): { view: NonNullable<View>; release: () => void } {
    this.root.resetReadTxn()
    const transaction = this.root.useReadTransaction()
    return { view: { transaction }, release: () => transaction.done() }
  }

  document(collection: Collection, record: number, view: View): string | undefined {
    return this.documents.get(documentKey(collection.id, record), view)
  }

  /** The record that a unique index lists under this key. */
  uniqueRecord(index: Index, key: Buffer, view: View): number | undefined {
    const value = this.entries.get(Buffer.concat([prefix(index.id), key]), view)
    return value?.readUIntBE(0, RECORD_BYTES)
  }

  /** All documents in order of insertion. */
  *scan(collection: Collection, view: View): Iterable<{ record: number; text: string }> {
    const range = this.documents.getRange({ ...prefixRange(collection.id), ...view })
    for (const { key, value } of range) yield { record: key.readUIntBE(4, RECORD_BYTES), text: value }
  }

  /** The records that an index lists from `low` (inclusive) to `high` (exclusive), in its order or turned round. */
  *entriesBetween(
    index: Index,
    low: Buffer,
    high: Buffer | undefined,
    reverse: boolean,
    view: View,
  ): Iterable<number> {
    const start = Buffer.concat([prefix(index.id), low])
    const end = high === undefined ? prefix(index.id + 1) : Buffer.concat([prefix(index.id), high])
    const range = reverse
      ? this.entries.getRange({
          start: end,
          end: start,
          reverse,
          exclusiveStart: true,
          inclusiveEnd: true,
          ...view,
        })
      : this.entries.getRange({ start, end, ...view })
    for (const { value } of range) yield value.readUIntBE(0, RECORD_BYTES)
  }

  putDocument(collection: Collection, record: number, text: string): void {
    this.documents.put(documentKey(collection.id, record), text)
  }

  removeDocument(collection: Collection, record: number): void {
    this.documents.remove(documentKey(collection.id, record))
  }

  putEntry(index: Index, key: Buffer, record: number): void {
    this.entries.put(entryKey(index, key, record), recordBytes(record))
  }

  removeEntry(index: Index, key: Buffer, record: number): void {
    this.entries.remove(entryKey(index, key, record))
  }

  /** A record number above all that were given out; inside a write transaction. */
  newRecord(collection: Collection): number {
    const next = this.nextRecords.get(collection.id) ?? this.lastRecord(collection) + 1
    this.nextRecords.set(collection.id, next + 1)
    return next
  }

  /** Removes every collection; inside a write transaction. */
  clear(): void {
    this.documents.clearSync()
    this.entries.clearSync()
    this.catalogue.clearTable()
    this.nextRecords.clear()
  }

  /** Forgets record numbers that an undone transaction gave out. */
  forgetRecords(): void {
    this.nextRecords.clear()
  }

  async close(): Promise<void> {
    await this.root.close()
    if (this.temporaryDir) rmSync(this.temporaryDir, { recursive: true, force: true })
  }

  private lastRecord(collection: Collection): number {
    const { start, end } = prefixRange(collection.id)
    const [last] = this.documents.getKeys({ start: end, end: start, reverse: true, limit: 1 })
    return last ? last.readUIntBE(4, RECORD_BYTES) : 0
  }
}

function prefix(id: number): Buffer {
  const bytes = Buffer.allocUnsafe(4)
  bytes.writeUInt32BE(id, 0)
  return bytes
}

function prefixRange(id: number): { start: Buffer; end: Buffer } {
  return { start: prefix(id), end: prefix(id + 1) }
}

function documentKey(collectionId: number, record: number): Buffer {
  const bytes = Buffer.allocUnsafe(4 + RECORD_BYTES)
  bytes.writeUInt32BE(collectionId, 0)
  bytes.writeUIntBE(record, 4, RECORD_BYTES)
  return bytes
}

function recordBytes(record: number): Buffer {
  const bytes = Buffer.allocUnsafe(RECORD_BYTES)
  bytes.writeUIntBE(record, 0, RECORD_BYTES)
  return bytes
}

/** A unique index has one entry to a key; the others tell their entries apart by the record. */
function entryKey(index: Index, key: Buffer, record: number): Buffer {
  return index.unique
    ? Buffer.concat([prefix(index.id), key])
    : Buffer.concat([prefix(index.id), key, recordBytes(record)])
}
