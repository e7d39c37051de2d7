import type { Snapshot } from '../context.ts'
import { command, sdkDatabase } from '../runtime/cloud.ts'

/**
 * Reads inside a transaction that writes nothing: a query there sees the database as it was at the first read
 * (`where().get()` takes the transaction's id along, `@cloudbase/database` query.ts).
 *
 * @param count called once for each database request.
 */
export async function readSnapshot<R>(
  count: () => void,
  work: (snapshot: Snapshot) => Promise<R>,
): Promise<R> {
  count()
  const transaction = await sdkDatabase.startTransaction()
  try {
    return await work({
      async after(collection, id, limit) {
        count()
        const { data } = await transaction
          .collection(collection.name)
          .where({ _id: command.gt(id) })
          .orderBy('_id', 'asc')
          .limit(limit)
          .get()
        return data.map(collection.parse)
      },
    })
  } finally {
    count()
    // It wrote nothing: one that the platform has ended already leaves nothing behind.
    await transaction.rollback().catch(() => {})
  }
}
