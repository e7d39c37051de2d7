/** Everything that is stored, seen as one: made ready for a project, exported, replaced, reset. */
import * as z from 'zod'
import type { Clock } from '../core/clock.ts'
import { WireError } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { State } from '../core/state.ts'

export interface Stored {
  collections(): CollectionView[]
  /** Creates the collection when it is missing, and those of its indexes that are missing. */
  ensureCollection(name: string, indexes: Index[]): Promise<void>
  /** What a deployment of the project would create. A collection that cannot have its index is reported, not fatal. */
  ensureProject(): Promise<void>
  explain(collection: string, queryEjson: string, orderEjson?: string): unknown
  exportAll(): Promise<Snapshot>
  /** Throws WireError when `snapshot` is not one. */
  importAll(snapshot: unknown): Promise<void>
  /** Empties everything, then makes it ready for the project again. */
  reset(): Promise<void>
}

export interface Snapshot {
  version: 1
  takenAtMs: number
  database: unknown
  state: Record<string, Record<string, unknown>>
  /** Bytes of files as base64. */
  objects: Record<string, string>
}

export interface Index {
  name: string
  unique?: boolean
  fields: { path: string; direction: 1 | -1 | '2dsphere' }[]
}

interface CollectionView {
  name: string
  count: number
  indexes: Index[]
}

export interface StoredDeps {
  database: {
    exportAll(): Promise<unknown>
    importAll(snapshot: unknown): Promise<void>
    reset(): Promise<void>
    collections(): CollectionView[]
    createCollection(name: string): Promise<void>
    ensureIndexes(collection: string, indexes: Index[]): Promise<void>
    explain(collection: string, queryEjson: string, orderEjson?: string): unknown
  }
  storage: {
    /** Bytes by object id; what refers to them lies in `state`. */
    exportObjects(): Promise<Record<string, string>>
    importObjects(objects: Record<string, string>): Promise<void>
  }
  state: State
  clock: Clock
  log: Log
  project: { name: string; indexes: Index[] }[]
  /** Services that hold appointments for what is stored make them anew. */
  afterReplace(): void
}

export function createStored(deps: StoredDeps): Stored {
  const { database, storage, state, clock, log, project } = deps

  async function ensureCollection(name: string, indexes: Index[]): Promise<void> {
    if (!database.collections().some((collection) => collection.name === name))
      await database.createCollection(name)
    await database.ensureIndexes(name, indexes)
  }

  async function ensureProject(): Promise<void> {
    for (const { name, indexes } of project) {
      try {
        await ensureCollection(name, indexes)
      } catch (error) {
        if (!(error instanceof WireError)) throw error
        log.error('database', `database-rules/${name}.json cannot be put in force: ${error.message}`)
      }
    }
  }

  return {
    collections: () => database.collections(),
    ensureCollection,
    ensureProject,
    explain: (collection, queryEjson, orderEjson) => database.explain(collection, queryEjson, orderEjson),
    exportAll: async () => ({
      version: 1,
      takenAtMs: clock.nowMs(),
      database: await database.exportAll(),
      state: state.exportAll(),
      objects: await storage.exportObjects(),
    }),
    async importAll(snapshot) {
      const parsed = snapshotShape.safeParse(snapshot)
      if (!parsed.success) {
        const why = z.prettifyError(parsed.error)
        throw new WireError('INVALID_SNAPSHOT', `this is not a snapshot of the local cloud: ${why}`)
      }
      await database.importAll(parsed.data.database)
      await storage.importObjects(parsed.data.objects)
      await state.importAll(parsed.data.state)
      await ensureProject()
      deps.afterReplace()
    },
    async reset() {
      await database.reset()
      await state.importAll({})
      await ensureProject()
      deps.afterReplace()
    },
  }
}

const snapshotShape = z.object({
  version: z.literal(1),
  takenAtMs: z.number(),
  database: z.looseObject({
    collections: z.array(
      z.looseObject({ name: z.string(), indexes: z.array(z.unknown()), documents: z.array(z.string()) }),
    ),
  }),
  state: z.record(z.string(), z.record(z.string(), z.unknown())),
  // They become names of files.
  objects: z.record(z.string().regex(/^[A-Za-z0-9-]+$/), z.string()),
})
