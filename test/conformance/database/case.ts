import type { IndexDefinition } from '../../../emulator/database/index.ts'
import type { Database } from '../../support/mock-sdk/database.ts'
import type { StoredDoc } from '../../support/raw-collection.ts'

/**
 * One fact about the platform's database, as a function sees it through wx-server-sdk. The table runs on the mocked SDK
 * and on the real one; an expectation comes from the SDK's code or the manuals, never from what our engine happens to do.
 */
export interface DatabaseCase {
  /** A sentence that says the fact. */
  name: string
  /** Documents of collection `items` beforehand (default: it exists and is empty). */
  items?: readonly StoredDoc[]
  /** Further collections. */
  others?: Readonly<Record<string, readonly StoredDoc[]>>
  /** Indexes of `items`. */
  indexes?: readonly IndexDefinition[]
  /** What a function does. */
  run(db: Database, _: Database['command'], tools: Tools): unknown
  /** What it resolves to. */
  returns?: unknown
  /** What it throws instead. */
  fails?: Failure
  /** All of `items` afterwards, in order of `_id`. */
  leaves?: readonly StoredDoc[]
}

export interface Failure {
  errCode?: number
  /** The whole text, or what it must contain. */
  errMsg?: string | RegExp
  /** For errors that are not the SDK's own and have no errMsg. */
  message?: string | RegExp
  /** The platform's string code; null says that there must be none. */
  code?: string | null
}

export interface Tools {
  /** Another handle, such as `{ throwOnNotFound: false }`. */
  database(options: Record<string, unknown>): Database
  /** Moves the cloud's clock. */
  advance(ms: number): Promise<void>
}

/** When the cloud's clock stands at the beginning of every case. */
export const START_MS = Date.UTC(2026, 0, 5, 2)
