/** The parts of one database, handed to whatever carries out an action. */
import type { Clock } from '../core/clock.ts'
import type { Ids } from '../core/ids.ts'
import type { Finder } from './find.ts'
import type { Locks } from './locks.ts'
import type { MissingCollections } from './missing-collections.ts'
import type { Store } from './store.ts'
import type { Transactions } from './transactions.ts'
import type { Writer } from './writer.ts'

export interface Engine {
  store: Store
  writer: Writer
  finder: Finder
  locks: Locks
  transactions: Transactions
  clock: Clock
  ids: Ids
  lockWaitMs: number
  missingCollections: MissingCollections
}

/** Who sent an action; absent for outsiders. */
export interface Caller {
  invocationId?: string
}
