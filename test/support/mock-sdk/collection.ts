import type { CollectionReference as RawCollection } from '@cloudbase/database'
import { Aggregate } from './aggregate.ts'
import { DocumentReference } from './document.ts'
import { checkReply } from './errors.ts'
import { type DatabaseOptions, Query, reported } from './query.ts'

/** wx-server-sdk `database/collection.ts`. */
export class CollectionReference extends Query {
  constructor(
    private readonly rawCollection: RawCollection,
    readonly collectionName: string,
    private readonly options: readonly DatabaseOptions[],
  ) {
    super(rawCollection)
  }

  doc(id: string | number): DocumentReference {
    return new DocumentReference(this.rawCollection.doc(id), id, this.options)
  }

  add(options: { data: object | object[] }) {
    const apiName = 'collection.add'
    return reported(apiName, async () => {
      const reply = await this.rawCollection.add(options.data)
      checkReply(reply, apiName)
      const errMsg = `${apiName}:ok`
      return reply.ids ? { _ids: reply.ids, errMsg } : { _id: reply.id, errMsg }
    })
  }

  aggregate(): Aggregate {
    return new Aggregate(this.rawCollection.aggregate())
  }
}
