import type { DocumentReference as RawDocument } from '@cloudbase/database'
import { CloudError } from './errors.ts'
import { reported } from './query.ts'
import { type Listener, type WatchOptions, watch } from './realtime.ts'

export class DocumentReference {
  constructor(
    private readonly raw: RawDocument,
    private readonly collection: string,
    readonly _id: string | number,
    private readonly throwsOnNotFound: boolean,
  ) {}

  field(projection: object): DocumentReference {
    return new DocumentReference(this.raw.field(projection), this.collection, this._id, this.throwsOnNotFound)
  }

  get(options?: object) {
    const apiName = 'document.get'
    return reported(apiName, options, {}, async () => {
      const reply = await this.raw.get()
      const result = () => {
        const [data = null] = reply.data
        if (data === null && this.throwsOnNotFound)
          throw new CloudError(-1, `${apiName}:fail document with _id ${this._id} does not exist`)
        return { data }
      }
      return { reply, result }
    })
  }

  set(options: { data: object }) {
    return reported('document.set', options, { data: 'object' }, async () => {
      const reply = await this.raw.set(options.data)
      const result = () => ({
        _id: this._id,
        stats: { updated: reply.updated, created: reply.upsertedId ? 1 : 0 },
      })
      return { reply, result }
    })
  }

  update(options: { data: object }) {
    return reported('document.update', options, { data: 'object' }, async () => {
      const reply = await this.raw.update(options.data)
      return { reply, result: () => ({ stats: { updated: reply.updated } }) }
    })
  }

  remove(options?: object) {
    return reported('document.remove', options, {}, async () => {
      const reply = await this.raw.remove()
      return { reply, result: () => ({ stats: { removed: reply.deleted } }) }
    })
  }

  watch(options: WatchOptions): Listener {
    return watch({ collectionName: this.collection, query: JSON.stringify({ _id: this._id }) }, options)
  }
}
