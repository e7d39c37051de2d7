/** What happens when an action names a collection that is not there: told with the command that mends it, or mended. */
import type { Log } from '../core/log.ts'
import { createCollection } from './collections.ts'
import type { Engine } from './engine.ts'
import { isCollectionName } from './limits.ts'

export interface MissingCollections {
  /** Makes it first, when that is wanted; before an action that reads or writes it. */
  prepare(engine: Engine, name: unknown): Promise<void>
  /** After such an action failed. */
  report(name: unknown): void
}

export function createMissingCollections(isCreating: boolean, log: Log): MissingCollections {
  const reported = new Set<unknown>()
  return {
    async prepare(engine, name) {
      const isWanted = isCreating && typeof name === 'string' && isCollectionName(name)
      if (!isWanted || engine.store.catalogue.find(name)) return
      log.info('database', `collection ${name} was missing and is created`, { collection: name })
      await createCollection(engine, name).catch((error: unknown) => {
        // Another action was faster.
        if (!engine.store.catalogue.find(name)) throw error
      })
    },
    report(name) {
      if (typeof name !== 'string' || reported.has(name)) return
      reported.add(name)
      log.warn(
        'database',
        `collection ${name} does not exist: create it with POST /control/collections {"name":"${name}"} or in database-rules/${name}.json, or start with --create-collections`,
        { collection: name },
      )
    },
  }
}
