/** Transactions that all write the same document: at the same time with retries, against one after the other. */
import type { Database } from '../../../emulator/database/index.ts'

export interface Contention {
  transactions: number
  attempts: number
  togetherMs: number
  inSequenceMs: number
}

const COLLECTION = 'counters'

export async function contend(database: Database, transactions: number): Promise<Contention> {
  const id = `counter${transactions}`
  const known = database.collections().some(({ name }) => name === COLLECTION)
  if (!known) await database.createCollection(COLLECTION)
  const send = (action: string, body: object) =>
    database.handle(`database.${action}`, { collectionName: COLLECTION, ...body }, {})
  await send('insertDocument', { data: [JSON.stringify({ _id: id, count: 0 })] })
  const query = JSON.stringify({ _id: id })
  let attempts = 0

  async function countUp(): Promise<void> {
    attempts += 1
    const { transactionId } = await send('startTransaction', {})
    await send('getDocument', { query, transactionId })
    const change = { data: '{"$inc":{"count":1}}', multi: false, merge: true, upsert: false }
    await send('modifyDocument', { query, transactionId, ...change })
    await send('commitTransaction', { transactionId })
  }

  async function untilDone(): Promise<void> {
    for (;;) {
      try {
        return await countUp()
      } catch (error) {
        if ((error as { code?: string }).code !== 'DATABASE_TRANSACTION_CONFLICT') throw error
      }
    }
  }

  let startMs = performance.now()
  for (let i = 0; i < transactions; i++) await countUp()
  const inSequenceMs = performance.now() - startMs
  attempts = 0
  startMs = performance.now()
  await Promise.all(Array.from({ length: transactions }, untilDone))
  return { transactions, attempts, togetherMs: performance.now() - startMs, inSequenceMs }
}
