import type { Db } from '@cloudbase/database'
import { CollectionReference } from './collection.ts'
import { checkReply, toSdkError } from './errors.ts'
import type { DatabaseOptions } from './query.ts'
import { newRawDatabase } from './raw-database.ts'

/** wx-server-sdk `api/database.ts`, on the real database package. */
export class Database {
  private readonly raw: Db
  private readonly options: readonly DatabaseOptions[]
  readonly command: Db['command']
  readonly Geo: Record<string, (...args: unknown[]) => unknown>
  readonly serverDate: (options?: { offset: number }) => unknown
  readonly RegExp: (options: { regexp: string; options?: string }) => unknown

  constructor(options: Record<string, unknown>, initOptions: Record<string, unknown>) {
    this.options = [options, initOptions]
    this.raw = newRawDatabase({ ...initOptions, throwOnCode: false })
    this.command = this.raw.command
    this.Geo = withoutNew(this.raw.Geo)
    this.serverDate = this.raw.serverDate
    this.RegExp = this.raw.RegExp
  }

  collection(name: string): CollectionReference {
    return new CollectionReference(this.raw.collection(name), name, this.options)
  }

  async createCollection(name: string) {
    const apiName = 'createCollection'
    try {
      const reply = await this.raw.createCollection(name)
      checkReply(reply, apiName)
      return { errMsg: `${apiName}:ok`, requestId: reply.requestId }
    } catch (cause) {
      throw toSdkError(cause, apiName)
    }
  }

  async startTransaction(): Promise<Transaction> {
    return new Transaction(await this.raw.startTransaction(), this.options)
  }

  /** The database package's own loop: it starts again only for an error that still has its `.code`. */
  runTransaction = <T>(work: (transaction: Transaction) => Promise<T>, times = 3): Promise<T> => {
    return this.raw.runTransaction((raw: RawTransaction) => work(new Transaction(raw, this.options)), times)
  }
}

interface RawTransaction {
  collection(name: string): ReturnType<Db['collection']>
  commit(): Promise<unknown>
  rollback(reason?: unknown): Promise<unknown>
}

/** wx-server-sdk `database/transaction/transaction.ts`: commit and rollback fail with the platform's own error. */
export class Transaction {
  constructor(
    private readonly raw: RawTransaction,
    private readonly options: readonly DatabaseOptions[],
  ) {}

  collection(name: string): CollectionReference {
    if (!name) throw new Error('Collection name is required')
    return new CollectionReference(this.raw.collection(name), name, this.options)
  }

  async commit(): Promise<unknown> {
    return this.raw.commit()
  }

  async rollback(reason?: unknown): Promise<unknown> {
    return this.raw.rollback(reason)
  }
}

/** `db.Geo.Point(1, 2)`: wx-server-sdk calls the constructors for its users. */
function withoutNew(geo: object): Database['Geo'] {
  const made: Database['Geo'] = {}
  for (const [name, Shape] of Object.entries(geo)) {
    if (typeof Shape === 'function') made[name] = (...args) => Reflect.construct(Shape, args)
  }
  return made
}
