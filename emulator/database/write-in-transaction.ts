/** Changes inside a transaction: the same request as a plain one, on the transaction's own view of the data. */
import type { Engine } from './engine.ts'
import type { ChangeRequest, ChangeResult } from './write.ts'

export function changeInTransaction(
  engine: Engine,
  transactionId: string,
  request: ChangeRequest,
): ChangeResult {
  const { collection, query, multi, change, insertIfNone } = request
  return engine.transactions.run(transactionId, (transaction) => {
    const result: ChangeResult = { changed: 0, matched: 0 }
    const matches = transaction.find(collection, query, 0, multi ? Number.POSITIVE_INFINITY : 1)
    for (const before of matches) {
      const mutation = change(before)
      result.matched += 1
      result.last = mutation?.after ?? before
      // A write that changes nothing still takes the lock, as it would on the platform.
      transaction.change(collection, before, mutation?.kind ?? 'update', mutation ? mutation.after : before)
      if (mutation) result.changed += 1
    }
    if (matches.length === 0 && insertIfNone) {
      const inserted = insertIfNone()
      transaction.insert(collection, inserted)
      result.inserted = inserted
      result.last = inserted
    }
    return result
  })
}
