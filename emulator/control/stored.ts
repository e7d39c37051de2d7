/** Everything that is stored, seen as one: made ready for a project, exported, replaced, reset. */
import * as z from 'zod'
import type { Clock } from '../core/clock.ts'
import { WireError } from '../core/errors.ts'
import type { Gate } from '../core/gate.ts'
import type { Log } from '../core/log.ts'
import type { State } from '../core/state.ts'
import { type ConflictMode, exportLines, importLines } from './json-lines.ts'
import { createPending } from './pending.ts'

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
  /** Completes an import that a stop interrupted. */
  resume(): Promise<void>
  /** One collection as JSON Lines; throws WireError when there is none of that name. */
  exportCollection(name: string): Promise<string>
  importCollection(
    name: string,
    lines: string,
    mode: ConflictMode,
  ): Promise<{ inserted: number; replaced: number }>
  /** Empties everything, then makes it ready for the project again. */
  reset(): Promise<void>
}

/** Documents are EJSON texts. */
interface DatabaseContent {
  collections: { name: string; indexes: Index[]; documents: string[] }[]
}

export interface Snapshot {
  version: 1
  takenAtMs: number
  database: DatabaseContent
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
    exportAll(): Promise<DatabaseContent>
    importAll(snapshot: DatabaseContent): Promise<void>
    handle(
      action: string,
      body: Record<string, unknown>,
      caller: Record<string, never>,
    ): Promise<Record<string, unknown>>
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
  /** The collections of the project, as its files say now. */
  project(): { name: string; indexes: Index[] }[]
  /** Keeps calls out while everything is read or replaced. */
  gate: Gate
  /** Where a snapshot waits while it is put in force; see `pending.ts`. */
  pendingPath: string | undefined
  /** Services that hold appointments for what is stored make them anew. */
  afterReplace(): void
}

export function createStored(deps: StoredDeps): Stored {
  const { database, storage, state, clock, log, project, gate } = deps
  const pending = createPending(deps.pendingPath)

  async function ensureCollection(name: string, indexes: Index[]): Promise<void> {
    if (!database.collections().some((collection) => collection.name === name))
      await database.createCollection(name)
    await database.ensureIndexes(name, indexes)
  }

  async function ensureProject(): Promise<void> {
    for (const { name, indexes } of project()) {
      try {
        await ensureCollection(name, indexes)
      } catch (error) {
        if (!(error instanceof WireError)) throw error
        log.error('database', `database-rules/${name}.json cannot be put in force: ${error.message}`)
      }
    }
  }

  /** Every part replaces all of its kind, so that doing it again after a stop ends in the same state. */
  async function putInForce(snapshot: Snapshot): Promise<void> {
    await database.importAll(snapshot.database)
    await storage.importObjects(snapshot.objects)
    await state.importAll(snapshot.state)
    await ensureProject()
    pending.clear()
  }

  async function replaceBy(snapshot: Snapshot): Promise<void> {
    await gate.alone(async () => {
      await pending.keep(snapshot)
      try {
        await putInForce(snapshot)
      } catch (error) {
        // Refused, so nothing of it may come back at the next start.
        pending.clear()
        throw error
      }
    })
    deps.afterReplace()
  }

  return {
    collections: () => database.collections(),
    ensureCollection,
    ensureProject,
    explain: (collection, queryEjson, orderEjson) => database.explain(collection, queryEjson, orderEjson),
    exportAll: () =>
      gate.alone(async () => ({
        version: 1,
        takenAtMs: clock.nowMs(),
        database: await database.exportAll(),
        state: state.exportAll(),
        objects: await storage.exportObjects(),
      })),
    async importAll(snapshot) {
      const parsed = snapshotShape.safeParse(snapshot)
      if (!parsed.success) {
        const why = z.prettifyError(parsed.error)
        throw new WireError('INVALID_SNAPSHOT', `this is not a snapshot of the local cloud: ${why}`)
      }
      await replaceBy(parsed.data)
    },
    async resume() {
      const snapshot = pending.read()
      if (snapshot === undefined) return
      log.warn(
        'control',
        'a snapshot was being put in force when the local cloud was stopped: doing it again',
      )
      await putInForce(snapshotShape.parse(snapshot))
    },
    async exportCollection(name) {
      const { collections } = await database.exportAll()
      const collection = collections.find((one) => one.name === name)
      if (!collection) throw new WireError('DATABASE_COLLECTION_NOT_EXIST', `there is no collection ${name}`)
      return exportLines(collection.documents)
    },
    importCollection: (name, lines, mode) =>
      importLines((action, body) => database.handle(action, body, {}), name, lines, mode),
    reset: () =>
      replaceBy({
        version: 1,
        takenAtMs: clock.nowMs(),
        database: { collections: [] },
        state: {},
        objects: {},
      }),
  }
}

const index = z.object({
  name: z.string(),
  unique: z.boolean().optional(),
  fields: z.array(
    z.object({ path: z.string(), direction: z.union([z.literal(1), z.literal(-1), z.literal('2dsphere')]) }),
  ),
})

const snapshotShape = z.object({
  version: z.literal(1),
  takenAtMs: z.number(),
  database: z.looseObject({
    collections: z.array(
      z.looseObject({ name: z.string(), indexes: z.array(index), documents: z.array(z.string()) }),
    ),
  }),
  state: z.record(z.string(), z.record(z.string(), z.unknown())),
  // They become names of files.
  objects: z.record(z.string().regex(/^[A-Za-z0-9-]+$/), z.string()),
})
