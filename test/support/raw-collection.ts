import { EJSON } from 'bson'
import type { Database } from '../../emulator/database/index.ts'

/** A document as the database keeps it. */
export type StoredDoc = Record<string, unknown>

/** A collection past every SDK, for a test to prepare and to look into. */
export interface RawCollection {
  /** In order of `_id`. */
  all(): Promise<StoredDoc[]>
  get(id: string | number): Promise<StoredDoc | undefined>
  insert(...docs: StoredDoc[]): Promise<void>
  /** Sets top-level fields of one document. */
  set(id: string | number, fields: StoredDoc): Promise<void>
  /** Whether there was one to remove is not told. */
  remove(id: string | number): Promise<void>
}

export function rawCollection(database: Database, collectionName: string): RawCollection {
  const ask = (action: string, fields: Record<string, unknown>) =>
    database.handle(action, { action, collectionName, ...fields }, {})
  const text = (value: unknown) => EJSON.stringify(value, { relaxed: false })

  async function find(query: StoredDoc, offset: number): Promise<StoredDoc[]> {
    const order = text({ _id: 1 })
    const fields = { queryType: 'WHERE', query: text(query), order, offset, limit: PAGE }
    return readList(await ask('database.getDocument', fields))
  }

  return {
    async all() {
      const found: StoredDoc[] = []
      for (let page = await find({}, 0); page.length > 0; page = await find({}, found.length)) {
        found.push(...page)
        if (page.length < PAGE) break
      }
      return found
    },
    get: async (id) => (await find({ _id: id }, 0))[0],
    async insert(...docs) {
      await ask('database.insertDocument', { data: docs.map(text) })
    },
    async set(id, fields) {
      const query = text({ _id: id })
      const change = {
        queryType: 'DOC',
        query,
        data: text({ $set: fields }),
        multi: false,
        merge: true,
        upsert: false,
      }
      await ask('database.modifyDocument', change)
    },
    async remove(id) {
      await ask('database.removeDocument', { queryType: 'DOC', query: text({ _id: id }), multi: false })
    },
  }
}

/** The most that one read gives. */
const PAGE = 1000

function readList(reply: Record<string, unknown>): StoredDoc[] {
  const { list } = reply.data as { list: string[] }
  return list.map((item) => EJSON.parse(item))
}
