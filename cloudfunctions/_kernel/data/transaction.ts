import { appendToChain } from '../audit/chain.ts'
import type { Context, Doc, Tx } from '../context.ts'
import { refuse } from '../errors/app-error.ts'
import type { DomainEvent } from '../reliability/events.ts'
import { outbox, toOutboxRecord } from '../reliability/outbox.ts'
import { type SdkTransaction, sdkDatabase } from '../runtime/cloud.ts'
import type { Collection } from './collection.ts'
import { DuplicateKey } from './duplicate-key.ts'
import { encodeBody, encodeChange } from './encode.ts'
import { isDuplicateKey, isTransactionConflict } from './sdk-errors.ts'

/** What running a transaction needs from the call it belongs to. */
export interface TransactionHost {
  readonly context: Context
  readonly count: () => void
  /** Does any consumer want this type of event? If not, it is not recorded. */
  isConsumed(eventType: string): Promise<boolean>
  /** Waits this many milliseconds of real time. */
  pause(ms: number): Promise<void>
}

const MAX_ATTEMPTS = 12
const FIRST_PAUSE_MS = 8
const LONGEST_PAUSE_MS = 400

/**
 * Runs `work` in a transaction and again on every conflict, with growing random pauses; refuses BUSY when that does not
 * help. The SDK's own `runTransaction` retries only conflicts at commit, because the code of the others is lost
 * (`sdk-errors.ts`).
 *
 * @returns what `work` returned, and the events that it emitted, now committed.
 */
export async function runTransaction<R>(
  host: TransactionHost,
  work: (tx: Tx, attempt: number) => Promise<R>,
): Promise<{ value: R; events: DomainEvent<unknown>[] }> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await attemptTransaction(host, (tx) => work(tx, attempt))
    } catch (error) {
      if (!isTransactionConflict(error)) throw error
      if (attempt === MAX_ATTEMPTS) return refuse('BUSY', { attempts: attempt }, error)
      const longest = Math.min(FIRST_PAUSE_MS * 2 ** attempt, LONGEST_PAUSE_MS)
      await host.pause(Math.random() * longest)
    }
  }
}

async function attemptTransaction<R>(host: TransactionHost, work: (tx: Tx) => Promise<R>) {
  host.count()
  const sdkTransaction = await sdkDatabase.startTransaction()
  const events: DomainEvent<unknown>[] = []
  try {
    const value = await work(createTx(host, sdkTransaction, events))
    host.count()
    await sdkTransaction.commit()
    return { value, events }
  } catch (error) {
    host.count()
    // The platform also ends it by itself after 30 s; what matters is the error that brought us here.
    await sdkTransaction
      .rollback()
      .catch((cause: unknown) => host.context.log.warn({ cause }, 'rollback failed'))
    throw isDuplicateKey(error) ? new DuplicateKey('transaction', { cause: error }) : error
  }
}

function createTx(host: TransactionHost, sdkTransaction: SdkTransaction, events: DomainEvent<unknown>[]): Tx {
  const { context } = host
  /** Documents as this transaction sees them: its snapshot does not change, so a document is read once. */
  const seen = new Map<string, Doc | undefined>()
  const keyOf = (collection: Collection<Doc>, id: string) => `${collection.name}/${id}`
  const rows = (collection: { name: string }) => {
    host.count()
    return sdkTransaction.collection(collection.name)
  }

  const tx: Tx = {
    context,

    async find<T extends Doc>(collection: Collection<T>, id: string) {
      const { data } = await rows(collection).doc(id).get()
      const doc = data === null || data === undefined ? undefined : collection.parse(data)
      seen.set(keyOf(collection, id), doc)
      return doc
    },

    async get(collection, id) {
      return (await tx.find(collection, id)) ?? refuse('NOT_FOUND', { collection: collection.name, id })
    },

    async insert(collection, doc) {
      await rows(collection).add({ data: doc })
      seen.set(keyOf(collection, doc._id), doc)
    },

    async put(collection, doc) {
      await rows(collection)
        .doc(doc._id)
        .set({ data: encodeBody(doc) })
      seen.set(keyOf(collection, doc._id), doc)
    },

    async putIf<T extends Doc>(collection: Collection<T>, doc: T, expected: Partial<T>) {
      const key = keyOf(collection, doc._id)
      // What was stored under this key has the type of this collection.
      const stored = seen.has(key) ? (seen.get(key) as T | undefined) : await tx.find(collection, doc._id)
      if (!stored || !hasValues(stored, expected))
        refuse('STALE', { collection: collection.name, id: doc._id })
      await tx.put(collection, doc)
    },

    async update(collection, id, change) {
      const { stats } = await rows(collection)
        .doc(id)
        .update({ data: encodeChange(change) })
      const key = keyOf(collection, id)
      // `updated` counts changed documents: 0 also for a change to the values that are there already.
      if (
        stats.updated === 0 &&
        seen.get(key) === undefined &&
        (await tx.find(collection, id)) === undefined
      ) {
        refuse('NOT_FOUND', { collection: collection.name, id })
      }
      seen.delete(key)
    },

    async remove(collection, id) {
      await rows(collection).doc(id).remove()
      seen.set(keyOf(collection, id), undefined)
    },

    async emit(type, payload) {
      if (!(await host.isConsumed(type.name))) return
      const event = {
        id: context.ids.next('evt'),
        type: type.name,
        payload,
        occurredAtMs: context.clock.nowMs(),
      }
      await tx.insert(outbox, toOutboxRecord(event, context.traceId))
      events.push(event)
    },

    async audit(entry) {
      await appendToChain(tx, entry)
    },
  }
  return tx
}

function hasValues<T extends Doc>(stored: T, expected: Partial<T>): boolean {
  // Entries of a partial document are values of its fields; JSON compares nested ones.
  return Object.entries(expected).every(
    ([field, value]) => JSON.stringify(stored[field as keyof T]) === JSON.stringify(value),
  )
}
