/**
 * The life of transactions: start, operations, one commit for all they wrote, and their end. Conflicts show at once: on
 * a document that another transaction holds, or that changed since the snapshot. A transaction that failed is over,
 * and so are its locks, since the SDK starts anew without aborting the old one (@cloudbase/database
 * transaction/index.ts).
 */
import type { Clock } from '../core/clock.ts'
import { WireError } from '../core/errors.ts'
import type { Ids } from '../core/ids.ts'
import type { Mutation } from './batch.ts'
import { DuplicateKey, TransactionConflict, transactionGone } from './errors.ts'
import type { Finder, Query } from './find.ts'
import { TRANSACTION_LIFE_MS } from './limits.ts'
import type { LockOwner, Locks } from './locks.ts'
import { Overlay } from './overlay.ts'
import type { Store } from './store.ts'
import { type Document, fieldOf } from './values.ts'
import type { Writer } from './writer.ts'

export interface Transactions {
  start(invocationId: string | undefined): string
  /** Runs one operation; if it fails in the database, the transaction is over. */
  run<T>(id: string, operation: (transaction: Transaction) => T): T
  commit(id: string): Promise<void>
  abort(id: string): void
  endInvocation(invocationId: string): void
  abortAll(reason: string): void
}

/** What an action may do inside a transaction. */
export interface Transaction {
  find(collection: string, query: Query, skip: number, limit: number): Document[]
  insert(collection: string, document: Document): void
  /** Changes or, without `after`, removes a document that `find` gave. */
  change(collection: string, before: Document, kind: Mutation['kind'], after: Document | undefined): void
}

interface Open extends LockOwner {
  overlay: Overlay
  isCommitting: boolean
  cancelExpiry: () => void
}

/** Why transactions ended, for the message of whoever comes late; the oldest are forgotten. */
const REMEMBERED_ENDS = 1_000

/** As in MongoDB, an operation that fails in the database ends its transaction; one refused at the door does not. */
const fatalCodes = new Set(['DATABASE_TRANSACTION_CONFLICT', 'DATABASE_REQUEST_FAILED'])

export function createTransactions(deps: {
  store: Store
  writer: Writer
  finder: Finder
  locks: Locks
  clock: Clock
  ids: Ids
}): Transactions {
  const { writer, clock, ids } = deps
  const openOnes = new Map<string, Open>()
  const ends = new Map<string, string>()

  function get(id: string): Open {
    const transaction = openOnes.get(id)
    if (!transaction) throw transactionGone(id, ends.get(id) ?? 'does not exist')
    if (transaction.isCommitting) throw transactionGone(id, 'is being committed')
    return transaction
  }

  function end(transaction: Open, reason: string): void {
    if (!openOnes.delete(transaction.id)) return
    transaction.cancelExpiry()
    transaction.overlay.release()
    ends.set(transaction.id, reason)
    const [oldest] = ends.keys()
    if (ends.size > REMEMBERED_ENDS && oldest !== undefined) ends.delete(oldest)
  }

  /** Those whose commit is under way are past stopping. */
  function endAll(reason: string, isMeant: (transaction: Open) => boolean): void {
    for (const transaction of [...openOnes.values()]) {
      if (!transaction.isCommitting && isMeant(transaction)) end(transaction, reason)
    }
  }

  return {
    start(invocationId) {
      const owner: LockOwner = { id: ids.hex(16), invocationId }
      const transaction: Open = {
        ...owner,
        overlay: new Overlay(deps, owner),
        isCommitting: false,
        cancelExpiry: clock.at(clock.nowMs() + TRANSACTION_LIFE_MS, () =>
          end(transaction, `has expired after ${TRANSACTION_LIFE_MS / 1000} s`),
        ),
      }
      openOnes.set(owner.id, transaction)
      return owner.id
    },

    run(id, operation) {
      const transaction = get(id)
      const { overlay } = transaction
      try {
        return operation({
          find: (name, query, skip, limit) => overlay.find(name, query, skip, limit),
          insert: (name, document) =>
            overlay.write(name, fieldOf(document, '_id') ?? null, 'insert', document),
          change: (name, before, kind, after) =>
            overlay.write(name, fieldOf(before, '_id') ?? null, kind, after),
        })
      } catch (error) {
        if (error instanceof WireError && fatalCodes.has(error.code)) end(transaction, 'has been aborted')
        throw error
      }
    },

    async commit(id) {
      const transaction = get(id)
      transaction.isCommitting = true
      transaction.cancelExpiry()
      try {
        const { overlay } = transaction
        if (overlay.hasWrites) await writer.write((batch) => batch.apply(overlay.mutations(batch)))
        end(transaction, 'has been committed')
      } catch (error) {
        end(transaction, 'has been aborted')
        // The key was free in the snapshot, so someone else took it since: a conflict, which the SDK retries.
        throw error instanceof DuplicateKey ? new TransactionConflict() : error
      }
    },

    abort: (id) => end(get(id), 'has been aborted'),

    endInvocation(invocationId) {
      endAll(
        'was left open when its function returned, and has been rolled back',
        (transaction) => transaction.invocationId === invocationId,
      )
    },

    abortAll: (reason) => endAll(reason, () => true),
  }
}
