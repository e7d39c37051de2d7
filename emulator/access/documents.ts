/** Documents by id, past the rules: what rules ask for, and what `set` looks at before it writes. */
import { type Doc, decodeDoc, parseRaw, stringifyEjson } from './ejson.ts'

export type HandleDatabase = (
  action: string,
  body: Record<string, unknown>,
  caller: object,
) => Promise<Record<string, unknown>>

/** As plain JSON: numbers and dates keep the form of the wire. */
export async function findRawDocument(
  handle: HandleDatabase,
  collectionName: string,
  id: unknown,
): Promise<Doc | undefined> {
  const query = stringifyEjson({ _id: id })
  const reply = await handle(
    'database.getDocument',
    { collectionName, queryType: 'DOC', query, limit: 1 },
    {},
  )
  const list: unknown = Object(reply.data).list
  return Array.isArray(list) && list.length > 0 ? parseRaw(list[0], 'document') : undefined
}

/** The `getDocument` of the module `rules`. */
export function createDocumentReader(deps: {
  handle: HandleDatabase
  nowMs(): number
  /** Each is a read that is billed. */
  onRead(): void
}): (collection: string, id: string | number) => Promise<Doc | undefined> {
  return async (collection, id) => {
    deps.onRead()
    const raw = await findRawDocument(deps.handle, collection, id)
    return raw && decodeDoc(raw, 'document', deps.nowMs())
  }
}
