import type { CollectionReference as RawCollection } from '@cloudbase/database'
import { reported } from './query.ts'

type RawAggregate = ReturnType<RawCollection['aggregate']>

/** lib.wx.cloud.d.ts `DB.Aggregate`. */
const STAGES = [
  'addFields',
  'bucket',
  'bucketAuto',
  'count',
  'geoNear',
  'group',
  'limit',
  'lookup',
  'match',
  'project',
  'replaceRoot',
  'sample',
  'skip',
  'sort',
  'sortByCount',
  'unwind',
] as const

type Stages = { [stage in (typeof STAGES)[number]]: (value: unknown) => Aggregate }

// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the stages are added below, one by one, from the list.
export class Aggregate {
  constructor(readonly raw: RawAggregate) {}

  end(options?: object) {
    return reported('collection.aggregate', options, {}, async () => {
      const reply = await this.raw.end()
      return { reply, result: () => ({ list: reply.data }) }
    })
  }
}

export interface Aggregate extends Stages {}

for (const name of STAGES) {
  Object.defineProperty(Aggregate.prototype, name, {
    value(this: Aggregate, value: never) {
      return new Aggregate(this.raw[name](value))
    },
  })
}
