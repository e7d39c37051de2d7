import type { DocumentReference as RawDocument } from '@cloudbase/database'
import { assertFields, assertNotEmpty } from './check.ts'
import { CloudSDKError, checkReply } from './errors.ts'
import { type DatabaseOptions, reported } from './query.ts'

/** wx-server-sdk `database/document.ts`. */
export class DocumentReference {
  constructor(
    private readonly raw: RawDocument,
    readonly _id: string | number,
    /** The options of the database, then those of `cloud.init`: the first that names `throwOnNotFound` decides. */
    private readonly options: readonly DatabaseOptions[],
  ) {}

  field(projection: object): DocumentReference {
    if (projection === undefined || projection === null) {
      throw new CloudSDKError({ errMsg: 'parameter object of function field must be provided' })
    }
    assertFields(projection, {})
    return new DocumentReference(this.raw.field(projection), this._id, this.options)
  }

  get() {
    const apiName = 'document.get'
    return reported(apiName, async () => {
      const reply = await this.raw.get()
      checkReply(reply, apiName)
      // An array outside of transactions, the document or null inside of them.
      const data = Array.isArray(reply.data) ? reply.data[0] : reply.data
      if (!data && this.throwsOnNotFound()) throw `document with _id ${this._id} does not exist`
      return { data: data || null, errMsg: `${apiName}:ok` }
    })
  }

  set(options: { data: object }) {
    const apiName = 'document.set'
    return reported(apiName, async () => {
      assertFields(options, { data: 'object' })
      assertNotEmpty(options.data)
      const reply = await this.raw.set(options.data)
      checkReply(reply, apiName)
      const stats = { updated: reply.updated, created: reply.upsertedId ? 1 : 0 }
      return { _id: this._id, errMsg: `${apiName}:ok`, stats }
    })
  }

  update(options: { data: object }) {
    const apiName = 'document.update'
    return reported(apiName, async () => {
      assertFields(options, { data: 'object' })
      assertNotEmpty(options.data)
      const reply = await this.raw.update(options.data)
      checkReply(reply, apiName)
      return { stats: { updated: reply.updated }, errMsg: `${apiName}:ok` }
    })
  }

  remove() {
    const apiName = 'document.remove'
    return reported(apiName, async () => {
      const reply = await this.raw.remove()
      checkReply(reply, apiName)
      return { stats: { removed: reply.deleted || 0 }, errMsg: `${apiName}:ok` }
    })
  }

  private throwsOnNotFound(): boolean {
    const deciding = this.options.find((options) => Object.hasOwn(options, 'throwOnNotFound'))
    return deciding === undefined || Boolean(deciding.throwOnNotFound)
  }
}
