/** What a client SDK may do: the actions of the admin wire, each under the project's security rules. */
import type { Client } from '../core/identity.ts'
import type { Metering } from '../core/metering.ts'
import type { DatabaseDeps } from './action.ts'
import { getDatabaseAction } from './database.ts'
import { type StorageDeps, storageActions } from './storage.ts'
import { type WatchPermission, watchAccess } from './watch.ts'

export { createDocumentReader } from './documents.ts'
export type { Doc } from './ejson.ts'
export { isReadByAll } from './storage.ts'

export interface Access {
  /** Same body and reply as the admin wire; rejects with WireError, also for what clients cannot do at all. */
  database(action: string, body: Record<string, unknown>, client: Client): Promise<Record<string, unknown>>
  /** What a watch may show; rejects with WireError when that is nothing. */
  watch(collection: string, queryEjson: string, client: Client): Promise<WatchPermission>
  storage(action: string, body: Record<string, unknown>, client: Client): Promise<Record<string, unknown>>
  /** Throws when this client (undefined: not logged in) must not call the function. */
  assertMayInvoke(functionName: string, client: Client | undefined): void
}

export interface AccessDeps extends DatabaseDeps, StorageDeps {
  rules: DatabaseDeps['rules'] &
    StorageDeps['rules'] & { invokeFunction(name: string, client: Client | undefined): void }
  metering: Metering
}

export function createAccess(deps: AccessDeps): Access {
  const storage = storageActions(deps)
  const metered = <T>(service: 'database' | 'storage', operation: string, work: () => Promise<T>) =>
    // A client has no function instance that a `crash` fault could end; its connection breaks.
    deps.metering({ billed: { service, operation }, work, crash: () => undefined })

  return {
    async database(action, body, client) {
      const run = getDatabaseAction(action)
      return metered('database', action, async () => run(deps, body, client))
    },
    watch: watchAccess(deps),
    async storage(action, body, client) {
      const run = storage(action)
      return metered('storage', action, async () => run(body, client))
    },
    assertMayInvoke: (functionName, client) => deps.rules.invokeFunction(functionName, client),
  }
}
