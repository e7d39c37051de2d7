import type { Query as RawQuery } from '@cloudbase/database'
import { assertNotEmpty, assertObject } from './check.ts'
import { checkReply, toSdkError, withoutCode } from './errors.ts'

/** Why a call of wx-server-sdk's database fails: as its `Query`, `Document` and `Collection` wrappers report it. */
export async function reported<T>(apiName: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw toSdkError(withoutCode(cause), apiName)
  }
}

export interface DatabaseOptions {
  throwOnNotFound?: unknown
}

/** wx-server-sdk `database/query.ts`: every step gives a new query, every end gives `{ …, errMsg }`. */
export class Query {
  constructor(private readonly raw: RawQuery) {}

  field(projection: object): Query {
    return new Query(this.raw.field(projection))
  }

  where(condition: object): Query {
    return new Query(this.raw.where(condition))
  }

  orderBy(path: string, direction: 'asc' | 'desc'): Query {
    return new Query(this.raw.orderBy(path, direction))
  }

  limit(count: number): Query {
    return new Query(this.raw.limit(count))
  }

  skip(count: number): Query {
    return new Query(this.raw.skip(count))
  }

  get() {
    const apiName = 'collection.get'
    return reported(apiName, async () => {
      const reply = await this.raw.get()
      checkReply(reply, apiName)
      return { data: reply.data, errMsg: `${apiName}:ok` }
    })
  }

  update(options: { data: object; multi?: boolean }) {
    const apiName = 'collection.update'
    return reported(apiName, async () => {
      assertObject(options.data)
      assertNotEmpty(options.data)
      const reply = await this.oneOrAll(options).update(options.data)
      checkReply(reply, apiName)
      return { stats: { updated: reply.updated || 0 }, errMsg: `${apiName}:ok` }
    })
  }

  remove(options: { multi?: boolean } = {}) {
    const apiName = 'collection.remove'
    return reported(apiName, async () => {
      const reply = await this.oneOrAll(options).remove()
      checkReply(reply, apiName)
      return { stats: { removed: reply.deleted }, errMsg: `${apiName}:ok` }
    })
  }

  count() {
    const apiName = 'collection.count'
    return reported(apiName, async () => {
      const reply = await this.raw.count()
      checkReply(reply, apiName)
      return { total: reply.total, errMsg: `${apiName}:ok` }
    })
  }

  /** `options()` replaces all that was chosen before, so `multi: false` forgets orderBy, skip and limit. */
  private oneOrAll({ multi }: { multi?: boolean }): RawQuery {
    return multi === false ? this.raw.options({ multiple: false }) : this.raw
  }
}
