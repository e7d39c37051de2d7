/** Runs one transaction and says what is known of its end. */
import { NoAnswer, Refused, type WireClient } from './wire-client.ts'

/** Codes that mean: nothing of it happened, try again. */
const conflicts = new Set(['DATABASE_TRANSACTION_CONFLICT', 'DATABASE_TRANSACTION_FAIL'])

export type Outcome = 'committed' | 'aborted' | 'unknown'

export async function runTransaction(
  client: WireClient,
  work: (transactionId: string) => Promise<'commit' | 'abort'>,
): Promise<Outcome> {
  let isCommitting = false
  try {
    const transactionId = await client.begin()
    if ((await work(transactionId)) === 'abort') {
      await client.abort(transactionId)
      return 'aborted'
    }
    isCommitting = true
    await client.commit(transactionId)
    return 'committed'
  } catch (error) {
    if (error instanceof Refused && conflicts.has(error.code)) return 'aborted'
    // Before its commit a transaction lives in the memory of the database only, and died with it.
    if (error instanceof NoAnswer) return isCommitting ? 'unknown' : 'aborted'
    throw error
  }
}

/** One plain write; a document that a transaction holds for too long is a refusal that wrote nothing. */
export async function runPlainWrite(work: () => Promise<unknown>): Promise<Outcome> {
  try {
    await work()
    return 'committed'
  } catch (error) {
    if (error instanceof Refused && error.message.includes('lock timeout')) return 'aborted'
    if (error instanceof NoAnswer) return 'unknown'
    throw error
  }
}
