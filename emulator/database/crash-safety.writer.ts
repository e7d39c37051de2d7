/**
 * The process that crash-safety.test.ts kills: writes without end into the folder it is given and prints a line for
 * each write that was acknowledged. Lines are written synchronously, so that a line printed is a write acknowledged.
 */
import { writeSync } from 'node:fs'
import { openDatabase } from './test-support/open.ts'

const [dir, run] = process.argv.slice(2)
const { database, add, update, set, start, commit } = openDatabase({ dir })
const acknowledge = (line: string) => writeSync(1, `${line}\n`)

if (database.collections().length === 0) {
  await database.createCollection('c')
  await database.ensureIndexes('c', [{ name: 'n', fields: [{ path: 'n', direction: 1 }] }])
  await add('c', [{ _id: 'counter', n: 0 }])
}

async function insert(): Promise<void> {
  for (let n = 0; ; n++) {
    await add('c', [{ _id: `${run}-${n}`, n, text: 'x'.repeat(200) }])
    acknowledge(`insert ${run}-${n}`)
  }
}

async function count(): Promise<void> {
  for (;;) {
    await update('c', { _id: 'counter' }, { $inc: { n: 1 } })
    acknowledge('count')
  }
}

async function transact(): Promise<void> {
  for (let n = 0; ; n++) {
    const transactionId = await start()
    await set('c', 'left', { n, run: run ?? '' }, { transactionId })
    await add('c', [{ _id: `${run}-transaction-${n}`, n }], { transactionId })
    await set('c', 'right', { n, run: run ?? '' }, { transactionId })
    await commit(transactionId)
    acknowledge(`transaction ${run} ${n}`)
  }
}

await Promise.all([insert(), insert2(), count(), transact()])

/** A second stream, so that commits hold writes of several callers. */
async function insert2(): Promise<void> {
  for (let n = 0; ; n++) {
    await add('c', [
      { _id: `${run}-b-${n}`, n },
      { _id: `${run}-c-${n}`, n },
    ])
    acknowledge(`pair ${run} ${n}`)
  }
}
