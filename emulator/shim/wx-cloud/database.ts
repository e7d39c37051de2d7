/** `wx.cloud.database()`: the query builder of `@cloudbase/database`, with the shapes and errors of a base library. */
import { Db, type CollectionReference as RawCollection } from '@cloudbase/database'
import { Aggregate } from './aggregate.ts'
import { DocumentReference } from './document.ts'
import { Query, reported } from './query.ts'
import { post } from './service.ts'

export interface DatabaseOptions {
  env?: string
  /** Of `database()`: false makes `doc().get()` answer null for what is missing. */
  throwOnNotFound?: boolean
}

export class Database {
  private readonly raw: Db
  readonly command: Db['command']
  readonly Geo: Record<string, unknown>
  readonly serverDate: (options?: { offset: number }) => unknown
  readonly RegExp: (options: { regexp: string; options?: string }) => unknown

  constructor(readonly config: DatabaseOptions) {
    Db.reqClass = Request
    this.raw = new Db({ env: config.env, throwOnCode: false })
    this.command = this.raw.command
    this.Geo = withoutNew(this.raw.Geo)
    this.serverDate = this.raw.serverDate
    const { raw } = this
    // Callable with `new` too, which an arrow function is not.
    this.RegExp = function made(options) {
      return raw.RegExp(options)
    }
  }

  collection(name: string): CollectionReference {
    return new CollectionReference(this.raw.collection(name), name, this.config)
  }
}

export class CollectionReference extends Query {
  constructor(
    private readonly rawCollection: RawCollection,
    readonly collectionName: string,
    private readonly config: DatabaseOptions,
  ) {
    super(rawCollection, collectionName)
  }

  doc(id: string | number): DocumentReference {
    return new DocumentReference(
      this.rawCollection.doc(id),
      this.collectionName,
      id,
      this.config.throwOnNotFound !== false,
    )
  }

  add(options: { data: object }) {
    return reported('collection.add', options, { data: 'object' }, async () => {
      const reply = await this.rawCollection.add(options.data)
      return { reply, result: () => ({ _id: reply.id }) }
    })
  }

  aggregate(): Aggregate {
    return new Aggregate(this.rawCollection.aggregate())
  }
}

/** How `@cloudbase/database` sends: as the user who is chosen when it does. */
class Request {
  send(action: string, fields: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    return post('database', action, fields)
  }
}

/** `db.Geo.Point(1, 2)` and `new db.Geo.Point(1, 2)` are the same. */
function withoutNew(geo: object): Record<string, unknown> {
  const made: Record<string, unknown> = {}
  for (const [name, Shape] of Object.entries(geo)) {
    made[name] = function shape(...args: unknown[]) {
      return Reflect.construct(Shape, args)
    }
  }
  return made
}
