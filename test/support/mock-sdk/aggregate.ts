import type { CollectionReference as RawCollection } from '@cloudbase/database'
import { checkReply, toSdkError } from './errors.ts'

type RawAggregate = ReturnType<RawCollection['aggregate']>

/** Stages that wx-server-sdk names; it hands them to the database package, which knows only some of them. */
const STAGES = [
  'addFields',
  'bucket',
  'bucketAuto',
  'collStats',
  'count',
  'facet',
  'geoNear',
  'graphLookup',
  'group',
  'indexStats',
  'limit',
  'lookup',
  'match',
  'out',
  'project',
  'redact',
  'replaceRoot',
  'sample',
  'skip',
  'sort',
  'sortByCount',
  'unwind',
] as const

type Stages = { [stage in (typeof STAGES)[number]]: (value?: unknown) => Aggregate }

/** wx-server-sdk `database/aggregate.ts`. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the stages are added below, one by one, from the list.
export class Aggregate {
  constructor(private readonly raw: RawAggregate) {}

  /** Keeps `.code`, unlike the calls on documents and collections. */
  async end() {
    const apiName = 'collection.aggregate'
    try {
      const reply = await this.raw.end()
      checkReply(reply, apiName)
      return { list: reply.data, errMsg: `${apiName}:ok` }
    } catch (cause) {
      throw toSdkError(cause, apiName)
    }
  }

  static stage(aggregate: Aggregate, name: string, value: unknown): Aggregate {
    // A stage that the database package lacks fails as a call of something that is not a function.
    const raw = aggregate.raw as unknown as Record<string, (value: unknown) => RawAggregate>
    const call = raw[name]
    if (!call) throw new TypeError(`this._aggregate[stage] is not a function`)
    return new Aggregate(call.call(aggregate.raw, value))
  }
}

export interface Aggregate extends Stages {}

for (const name of STAGES) {
  Object.defineProperty(Aggregate.prototype, name, {
    value(this: Aggregate, value: unknown) {
      return Aggregate.stage(this, name, name === 'indexStats' ? {} : value)
    },
  })
}
