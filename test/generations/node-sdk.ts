/** @cloudbase/node-sdk in the words of wx-server-sdk, so that one table of cases runs on both. */
import type { Database } from '../support/mock-sdk/database.ts'
import type { Cloud } from './case.ts'

/** What the two packages' types share is too little to write the calls below. */
// biome-ignore lint/suspicious/noExplicitAny: the package's own objects, whose types differ between 2 and 3.
type Raw = any

export interface NodeSdk {
  init(options: { env: string }): Raw
}

export function asCloud(sdk: NodeSdk): Cloud {
  const app = sdk.init({ env: 'local' })
  return {
    // Only the calls that the cases make are there.
    database: () => wrapDatabase(app.database()) as unknown as Database,
    callFunction: (call) => app.callFunction(call),
    uploadFile: (file) => app.uploadFile(file),
    downloadFile: (file) => app.downloadFile(file),
    getTempFileURL: (files) => app.getTempFileURL(files),
    deleteFile: (files) => app.deleteFile(files),
  }
}

function wrapDatabase(db: Raw): object {
  return {
    command: db.command,
    Geo: { Point: (longitude: number, latitude: number) => new db.Geo.Point(longitude, latitude) },
    serverDate: (options: unknown) => db.serverDate(options),
    RegExp: (options: unknown) => db.RegExp(options),
    collection: (name: string) => wrapCollection(db.collection(name)),
    createCollection: (name: string) => db.createCollection(name),
    startTransaction: async () => wrapTransaction(await db.startTransaction()),
    runTransaction: (work: (transaction: object) => unknown) =>
      db.runTransaction((transaction: Raw) => work(wrapTransaction(transaction))),
  }
}

function wrapTransaction(transaction: Raw): object {
  return {
    collection: (name: string) => wrapCollection(transaction.collection(name)),
    commit: () => transaction.commit(),
    rollback: (reason: unknown) => transaction.rollback(reason),
  }
}

function wrapCollection(collection: Raw): object {
  return {
    ...wrapQuery(collection),
    doc: (id: string | number) => wrapDocument(collection.doc(id)),
    add: async ({ data }: { data: object }) => ({ _id: (await collection.add(data)).id }),
    aggregate: () => wrapAggregate(collection.aggregate()),
  }
}

function wrapQuery(query: Raw): object {
  const step =
    (name: string) =>
    (...args: unknown[]) =>
      wrapQuery(query[name](...args))
  return {
    where: step('where'),
    orderBy: step('orderBy'),
    skip: step('skip'),
    limit: step('limit'),
    field: step('field'),
    get: () => query.get(),
    count: () => query.count(),
    update: async ({ data }: { data: object }) => ({
      stats: { updated: (await query.update(data)).updated },
    }),
    remove: async () => ({ stats: { removed: (await query.remove()).deleted } }),
  }
}

function wrapDocument(document: Raw): object {
  return {
    field: (fields: object) => wrapDocument(document.field(fields)),
    async get() {
      const { data } = await document.get()
      const found = Array.isArray(data) ? data[0] : data
      if (!found) throw new Error('the document does not exist')
      return { data: found }
    },
    async set({ data }: { data: object }) {
      const { updated, upsertedId } = await document.set(data)
      return { stats: { updated, created: upsertedId ? 1 : 0 } }
    },
    update: async ({ data }: { data: object }) => ({
      stats: { updated: (await document.update(data)).updated },
    }),
    remove: async () => ({ stats: { removed: (await document.remove()).deleted } }),
  }
}

function wrapAggregate(aggregate: Raw): object {
  return new Proxy(aggregate, {
    get: (target, name) =>
      name === 'end'
        ? async () => ({ list: (await target.end()).data })
        : (value: unknown) => wrapAggregate(target[name](value)),
  })
}
