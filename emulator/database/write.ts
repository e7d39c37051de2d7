/**
 * Plain writes, outside transactions: inserts, and changes of the documents that match. Matching and writing happen in
 * one write transaction, so no other write comes between. A document that a transaction holds is waited for.
 */
import type { Batch, Mutation } from './batch.ts'
import type { Caller, Engine } from './engine.ts'
import { lockTimeout, TransactionConflict } from './errors.ts'
import type { Found, Query } from './find.ts'
import { lockKey } from './locks.ts'
import { type Document, fieldOf } from './values.ts'

export interface ChangeRequest {
  collection: string
  query: Query
  /** False changes the first match only. */
  multi: boolean
  /** What becomes of a matching document; undefined leaves it as it is. */
  change: (before: Document) => Pick<Mutation, 'kind' | 'after'> | undefined
  /** The document to insert when nothing matches. */
  insertIfNone?: () => Document
}

export interface ChangeResult {
  changed: number
  matched: number
  inserted?: Document
  /** The last document that matched, as it is now. */
  last?: Document
}

/** Documents changed in one write transaction; more are done in several, so that others get their turn. */
const DOCUMENTS_PER_TURN = 500

interface Turn extends ChangeResult {
  /** Records still to do, after the lock that stands in the way is free. */
  rest: number[]
  blockedBy?: string
}

export async function changeMatching(
  engine: Engine,
  request: ChangeRequest,
  caller: Caller,
): Promise<ChangeResult> {
  const total: ChangeResult = { changed: 0, matched: 0 }
  let records: number[] | undefined
  let waitUntilMs: number | undefined
  for (;;) {
    const turn = await engine.writer.write((batch) => changeTurn(engine, batch, request, caller, records))
    total.changed += turn.changed
    total.matched += turn.matched
    total.inserted = turn.inserted
    total.last = turn.last ?? total.last
    if (turn.blockedBy === undefined && turn.rest.length === 0) return total
    // A single change looks for its document afresh: after the wait another may be the first match.
    records = request.multi ? turn.rest : undefined
    if (turn.blockedBy !== undefined) {
      waitUntilMs ??= Date.now() + engine.lockWaitMs
      await waitForLock(engine, turn.blockedBy, waitUntilMs)
    }
  }
}

function changeTurn(
  engine: Engine,
  batch: Batch,
  request: ChangeRequest,
  caller: Caller,
  records: number[] | undefined,
): Turn {
  const { query, multi, change, insertIfNone } = request
  const collection = batch.get(request.collection)
  const matches = records
    ? matchingRecords(engine, batch, request, records)
    : engine.finder.find(collection, query, undefined, 0, multi ? Number.POSITIVE_INFINITY : 1)
  const turn: Turn = { changed: 0, matched: 0, rest: [] }
  const mutations: Mutation[] = []
  for (const [i, { record, document }] of matches.entries()) {
    if (i >= DOCUMENTS_PER_TURN) {
      turn.rest.push(record)
      continue
    }
    const before = document()
    const key = lockKey(collection, fieldOf(before, '_id') ?? null)
    if (isBlocked(engine, key, caller)) {
      turn.blockedBy ??= key
      turn.rest.push(record)
      continue
    }
    turn.matched += 1
    const mutation = change(before)
    turn.last = mutation?.after ?? before
    if (mutation) mutations.push({ ...mutation, record, before })
  }
  if (matches.length === 0 && !records && insertIfNone)
    return insertTurn(engine, batch, request, caller, insertIfNone())
  batch.apply([[request.collection, mutations]])
  turn.changed = mutations.length
  return turn
}

function insertTurn(
  engine: Engine,
  batch: Batch,
  request: ChangeRequest,
  caller: Caller,
  after: Document,
): Turn {
  const key = lockKey(batch.get(request.collection), fieldOf(after, '_id') ?? null)
  if (isBlocked(engine, key, caller)) return { changed: 0, matched: 0, rest: [], blockedBy: key }
  batch.apply([[request.collection, [{ kind: 'insert', after }]]])
  return { changed: 0, matched: 0, rest: [], inserted: after, last: after }
}

/** Of the records left over from an earlier turn, those that still exist and still match. */
function matchingRecords(engine: Engine, batch: Batch, request: ChangeRequest, records: number[]): Found[] {
  const collection = batch.get(request.collection)
  return engine.finder
    .read(collection, records, undefined)
    .filter(({ document }) => request.query.test(document()))
}

/** Inserts all of the documents or none. */
export async function insertDocuments(
  engine: Engine,
  name: string,
  documents: Document[],
  caller: Caller,
): Promise<void> {
  const waitUntilMs = Date.now() + engine.lockWaitMs
  for (;;) {
    const blockedBy = await engine.writer.write((batch) => {
      const collection = batch.get(name)
      for (const document of documents) {
        const key = lockKey(collection, fieldOf(document, '_id') ?? null)
        if (isBlocked(engine, key, caller)) return key
      }
      batch.apply([[name, documents.map((after) => ({ kind: 'insert', after }))]])
      return undefined
    })
    if (blockedBy === undefined) return
    await waitForLock(engine, blockedBy, waitUntilMs)
  }
}

/** A caller never waits for a transaction of its own: it could not commit while it waits. */
function isBlocked(engine: Engine, key: string, caller: Caller): boolean {
  const holder = engine.locks.holder(key)
  if (!holder) return false
  if (caller.invocationId !== undefined && holder.invocationId === caller.invocationId)
    throw new TransactionConflict()
  return true
}

async function waitForLock(engine: Engine, key: string, untilMs: number): Promise<void> {
  const isFree = await engine.locks.waitFor(key, Math.max(untilMs - Date.now(), 0))
  if (!isFree) throw lockTimeout()
}
