import type { Query as RawQuery } from '@cloudbase/database'
import { type Callbacks, settle } from './callbacks.ts'
import { assertReply, assertType, CloudError, toCloudError } from './errors.ts'
import { type Listener, type WatchOptions, watch } from './realtime.ts'

export type Settled<T> = Promise<T & { errMsg: string }> | undefined

/**
 * One call of the database package, told as a base library tells it: `{ …, errMsg }` or a CloudError, to callbacks or by a
 * promise. `result` is asked only when the reply is no refusal.
 */
export function reported<T extends object>(
  apiName: string,
  options: object | undefined,
  required: Record<string, 'object'>,
  call: () => Promise<{ reply: unknown; result: () => T }>,
): Settled<T> {
  const work = async () => {
    try {
      for (const [name, type] of Object.entries(required)) {
        const value: unknown = Object(options)[name]
        assertType(value, name, type, apiName)
        assertNotEmpty(Object(value), name, apiName)
      }
      const { reply, result } = await call()
      assertReply(reply, apiName)
      return { ...result(), errMsg: `${apiName}:ok` }
    } catch (cause) {
      throw toCloudError(cause, apiName)
    }
  }
  // What the caller passed besides callbacks is the call's business.
  return settle(options as Callbacks<T & { errMsg: string }> | undefined, work())
}

function assertNotEmpty(value: object, name: string, apiName: string): void {
  if (Object.keys(value).length === 0) {
    throw new CloudError(-1, `${apiName}:fail -1 unknown error. options.${name} must not be empty`)
  }
}

/** What the package's query has collected; not in its types. */
interface Built {
  /** EJSON text; empty without a condition. */
  _fieldFilters?: string
  _apiOptions: { limit?: number; order?: Record<string, 1 | -1> }
}

/** Every step gives a new query. */
export class Query {
  constructor(
    private readonly raw: RawQuery,
    private readonly collection: string,
  ) {}

  where(condition: object): Query {
    return new Query(this.raw.where(condition), this.collection)
  }

  orderBy(path: string, direction: 'asc' | 'desc'): Query {
    return new Query(this.raw.orderBy(path, direction), this.collection)
  }

  limit(count: number): Query {
    return new Query(this.raw.limit(count), this.collection)
  }

  skip(count: number): Query {
    return new Query(this.raw.skip(count), this.collection)
  }

  field(projection: object): Query {
    return new Query(this.raw.field(projection), this.collection)
  }

  get(options?: object) {
    return reported('collection.get', options, {}, async () => {
      const reply = await this.raw.get()
      return { reply, result: () => ({ data: reply.data }) }
    })
  }

  count(options?: object) {
    return reported('collection.count', options, {}, async () => {
      const reply = await this.raw.count()
      return { reply, result: () => ({ total: reply.total }) }
    })
  }

  /** Of all that match, from base library 2.9.4 on. */
  update(options: { data: object }) {
    return reported('collection.update', options, { data: 'object' }, async () => {
      const reply = await this.raw.update(options.data)
      return { reply, result: () => ({ stats: { updated: reply.updated } }) }
    })
  }

  remove(options?: object) {
    return reported('collection.remove', options, {}, async () => {
      const reply = await this.raw.remove()
      return { reply, result: () => ({ stats: { removed: reply.deleted } }) }
    })
  }

  /** The package's own `watch` encodes the query twice and cannot order (see its `query.ts`), so it is passed by. */
  watch(options: WatchOptions): Listener {
    const { _apiOptions, _fieldFilters } = this.raw as unknown as Built
    const { limit, order } = _apiOptions
    const directions = Object.entries(order ?? {}).map(([path, direction]) => [
      path,
      direction === -1 ? 'desc' : 'asc',
    ])
    return watch(
      {
        collectionName: this.collection,
        query: _fieldFilters || '{}',
        limit,
        orderBy: order === undefined ? undefined : Object.fromEntries(directions),
      },
      options,
    )
  }
}
