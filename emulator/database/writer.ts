/**
 * The one queue of writes. Jobs run one after the other, each seeing what the ones before it wrote; those that arrive
 * together share a commit. A job settles when its commit would survive the death of the process.
 */
import { WireError } from '../core/errors.ts'
import { Batch } from './batch.ts'
import type { Change } from './changes.ts'
import { requestFailed } from './errors.ts'
import type { Store } from './store.ts'

export interface Writer {
  /** A job that refuses (throws a WireError) must do so before its first write. */
  write<T>(run: (batch: Batch) => T): Promise<T>
  /** The same with a commit of its own, so that a refusal at any point undoes all of it. */
  writeAlone<T>(run: (batch: Batch) => T): Promise<T>
  /** Settles when everything queued has landed; further writes are refused. */
  stop(): Promise<void>
}

interface Job {
  alone: boolean
  run: (batch: Batch) => unknown
  resolve: (value: unknown) => void
  reject: (error: unknown) => void
}

export function createWriter(store: Store, onCommit: (changes: Change[]) => void): Writer {
  const jobs: Job[] = []
  let draining: Promise<void> | undefined
  let stopped = false

  async function drain(): Promise<void> {
    // Waiting for the end of the turn lets writes that arrive together share a commit.
    await Promise.resolve()
    while (jobs.length > 0) {
      const alone = jobs.findIndex((job) => job.alone)
      await commit(jobs.splice(0, alone < 0 ? jobs.length : Math.max(alone, 1)))
    }
    draining = undefined
  }

  async function commit(batchJobs: Job[]): Promise<void> {
    const batch = new Batch(store)
    const settle: (() => void)[] = []
    try {
      await store.transaction(() => {
        for (const { alone, run, resolve, reject } of batchJobs) {
          try {
            const value = run(batch)
            settle.push(() => resolve(value))
          } catch (error) {
            // A refusal comes before the job's first write, so the others go on. Anything else undoes them all.
            if (alone || !(error instanceof WireError)) throw error
            settle.push(() => reject(error))
          }
        }
        batch.finish()
      })
    } catch (error) {
      store.forgetRecords()
      const failure = error instanceof WireError ? error : requestFailed(`the write failed: ${String(error)}`)
      for (const { reject } of batchJobs) reject(failure)
      return
    }
    const changes = batch.publish()
    for (const done of settle) done()
    if (changes.length > 0) onCommit(changes)
  }

  function enqueue<T>(run: (batch: Batch) => T, alone: boolean): Promise<T> {
    if (stopped) return Promise.reject(requestFailed('the database is stopped'))
    return new Promise<T>((resolve, reject) => {
      // The queue holds jobs of any result; each resolve gets what its own run returned.
      jobs.push({ alone, run, resolve: resolve as (value: unknown) => void, reject })
      draining ??= drain()
    })
  }

  return {
    write: (run) => enqueue(run, false),
    writeAlone: (run) => enqueue(run, true),
    async stop() {
      stopped = true
      await draining
    },
  }
}
