import { createRequire } from 'node:module'
import type { Db } from '@cloudbase/database'
import { CollectionReference } from '../../support/mock-sdk/collection.ts'
import { type Database, Transaction } from '../../support/mock-sdk/database.ts'
import { checkReply, toSdkError } from '../../support/mock-sdk/errors.ts'

interface NodeSdk {
  SYMBOL_CURRENT_ENV: symbol
  init(options: { env: symbol }): { database(options?: Record<string, unknown>): Db }
}

/** The database of the real `@cloudbase/node-sdk`, with the variables that point it at a local cloud. */
export function openNodeSdk(environment: Record<string, string>): () => Db {
  Object.assign(process.env, environment)
  // `require` takes the package itself, past every alias of the tests. Only the part named above is used.
  const sdk: NodeSdk = createRequire(import.meta.url)('@cloudbase/node-sdk')
  const app = sdk.init({ env: sdk.SYMBOL_CURRENT_ENV })
  return () => app.database()
}

/**
 * The same database in the form in which the cases speak: what `wx-server-sdk` adds to node-sdk is shape of arguments,
 * answers and errors, and the mocked SDK has those wrappers already. Requests are node-sdk's own, over HTTP.
 */
export function asWxDatabase(raw: Db, options: Record<string, unknown>): Database {
  const Geo = Object.fromEntries(
    Object.entries(raw.Geo).map(([name, Shape]) => [
      name,
      (...args: unknown[]) => Reflect.construct(Shape, args),
    ]),
  )
  const database = {
    command: raw.command,
    Geo,
    serverDate: raw.serverDate,
    RegExp: raw.RegExp,
    collection: (name: string) => new CollectionReference(raw.collection(name), name, [options]),
    async createCollection(name: string) {
      const apiName = 'createCollection'
      try {
        const reply = await raw.createCollection(name)
        checkReply(reply, apiName)
        return { errMsg: `${apiName}:ok`, requestId: reply.requestId }
      } catch (cause) {
        throw toSdkError(cause, apiName)
      }
    },
    startTransaction: async () => new Transaction(await raw.startTransaction(), [options]),
    runTransaction: (work: (transaction: Transaction) => Promise<unknown>, times = 3) =>
      raw.runTransaction(
        (transaction: ConstructorParameters<typeof Transaction>[0]) =>
          work(new Transaction(transaction, [options])),
        times,
      ),
  }
  // Everything public of the mocked class; what it keeps private is how it makes its own requests.
  return database as unknown as Database
}
