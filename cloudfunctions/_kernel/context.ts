import type { Collection } from './data/collection.ts'
import type { Change, Db, Reads, Where } from './data/db.ts'
import type { Consumers, EventType } from './reliability/events.ts'
import type { Clock } from './runtime/clock.ts'
import type { Cloud } from './runtime/cloud.ts'
import type { Ids } from './runtime/ids.ts'
import type { Log } from './runtime/log.ts'
import type { Settings } from './runtime/settings.ts'
import type { Flag, Setting } from './tuning.ts'

/** Who calls, decided from the platform's context alone (`auth/identity.ts`), never from the event. */
export type Caller =
  | { kind: 'user'; openid: string; appid: string; unionid?: string }
  /** Another function; it may say on whose behalf, and is believed because SOURCE says that a function called. */
  | { kind: 'function'; onBehalfOf?: string }
  | { kind: 'timer' }
  /** A partner's system, which the gateway has recognised; it may do what its `scopes` name and nothing else. */
  | { kind: 'partner'; partnerId: string; scopes: readonly string[] }
  /** The platform itself or an unknown source: a payment callback, a console test. Trusted with nothing. */
  | { kind: 'platform' }

/** What a handler receives. Made for one call and thrown away with it. */
export interface Context {
  readonly caller: Caller
  /** The user's openid; refuses UNAUTHENTICATED when nobody is signed in. */
  readonly userId: string
  /** `order/create` */
  readonly route: string
  /** The caller's id for this request: the same on a retry. Fresh when the caller gave none. */
  readonly requestId: string
  /**
   * Stands for the input of an idempotent route. A `derived` route stores it with what it writes, and a repeat that
   * finds it hands it to `assertSameRequest`.
   */
  readonly requestHash: string
  readonly traceId: string
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
  readonly settings: Settings
  readonly cloud: Cloud
  readonly db: Db
  /** What operators have set, at most a minute ago; the default when they have not. One database request per instance and minute. */
  setting<T>(setting: Setting<T>): Promise<T>
  /** Is this switched on for the caller? Known like a setting, and the two share their request. */
  flag(flag: Flag): Promise<boolean>
  /** Does the caller hold this permission? */
  can(permission: string): Promise<boolean>
  /**
   * Runs `work` in a database transaction: all of its writes land, or none. `work` may run several times when other
   * transactions interfere, so identifiers, time and calls to the outside belong before it.
   */
  transaction<R>(work: (tx: Tx) => Promise<R>): Promise<R>
  /**
   * The transaction of a route that is declared `idempotent`: what it returns is the reply, kept together with its
   * writes under the caller's `requestId`. A repeat gets the kept reply; `work` does not run again.
   */
  once<R>(work: (tx: Tx) => Promise<R>): Promise<R>
  /**
   * Reads many documents as they were at one moment, whoever writes meanwhile. The platform ends it after 30 s, and then
   * the next read throws.
   */
  snapshot<R>(work: (snapshot: Snapshot) => Promise<R>): Promise<R>
  /** Who reacts to the events of this function. */
  readonly consumers: Consumers
  /** Database requests made so far by this call; each is billed. */
  databaseCalls(): number
}

/**
 * A transaction. It offers single documents only, because the SDK silently runs `where().update/remove`, `count` and
 * `aggregate` outside of it (`@cloudbase/database` query.ts): those exist on `ctx.db` alone.
 */
export interface Tx extends Reads {
  readonly context: Context
  insert<T extends Doc>(collection: Collection<T>, doc: T): Promise<void>
  /** Writes the whole document, whether it exists or not. */
  put<T extends Doc>(collection: Collection<T>, doc: T): Promise<void>
  /** Writes the whole document if the stored one still has the `expected` values; else refuses STALE. */
  putIf<T extends Doc>(collection: Collection<T>, doc: T, expected: Partial<T>): Promise<void>
  /** Changes fields of an existing document; refuses NOT_FOUND without one. */
  update<T extends Doc>(collection: Collection<T>, id: string, change: Change<T>): Promise<void>
  remove<T extends Doc>(collection: Collection<T>, id: string): Promise<void>
  /** Records an event with the transaction; its consumers run after the commit. */
  emit<P>(type: EventType<P>, payload: P): Promise<void>
  /** Adds an entry to the audit chain with the transaction. */
  audit(entry: { action: string; subject: string; details?: Record<string, unknown> }): Promise<void>
}

/** What is read here was all true at the moment of the first read. One database request each. */
export interface Snapshot {
  /** The next documents in order of `_id`, at most 1,000. */
  after<T extends Doc>(collection: Collection<T>, id: string, limit: number): Promise<T[]>
}

export interface Doc {
  _id: string
}

export type { Change, Db, Reads, Where }
