/**
 * Transactions as @cloudbase/database 0.9 to 1.0 asks for them (`transaction/document.ts`, `transaction.ts`): one
 * action per operation on a document, data as EJSON text, and results as texts at the top of the reply.
 */
import type { Translation } from './index.ts'
import { toEjsonText } from './plain-json.ts'

type Body = Record<string, unknown>

export const transactionActions: Record<string, Translation> = {
  'database.getInTransaction': (body) => ({
    action: 'database.getDocument',
    body: { ...body, query: queryOf(body) },
    reply(current) {
      const { list } = dataOf(current)
      return { ...rest(current), data: Array.isArray(list) ? (list[0] ?? 'null') : 'null' }
    },
  }),

  'database.updateDocInTransaction': (body) => {
    const isSet = body.upsert === true
    return {
      action: 'database.modifyDocument',
      body: { ...body, query: queryOf(body), multi: false, merge: !isSet, upsert: isSet },
      reply(current) {
        const { updated, upsert_id: insertedId } = dataOf(current)
        const upserted = insertedId === undefined ? [] : [{ _id: insertedId }]
        return { ...rest(current), updated: JSON.stringify(updated), upserted: JSON.stringify(upserted) }
      },
    }
  },

  'database.deleteDocInTransaction': (body) => ({
    action: 'database.removeDocument',
    body: { ...body, query: queryOf(body), multi: false },
    reply: (current) => ({ ...rest(current), deleted: JSON.stringify(dataOf(current).deleted) }),
  }),

  'database.insertDocInTransaction': (body) => ({
    action: 'database.insertDocument',
    body: { ...body, data: [withId(body.data, body._id)] },
    reply(current) {
      const { insertedIds } = dataOf(current)
      const id = Array.isArray(insertedIds) ? insertedIds[0] : undefined
      return { ...rest(current), inserted: '1', ok: '1', id }
    },
  }),
}

/** `{ _id: { $eq } }`, or the bare id of the oldest form. */
function queryOf({ query, _id }: Body): string | undefined {
  return toEjsonText(query ?? { _id: { $eq: _id ?? null } })
}

/** The id stands beside the document's text when it is the program's own. */
function withId(data: unknown, id: unknown): unknown {
  if (id === undefined || typeof data !== 'string') return data
  try {
    return JSON.stringify({ ...JSON.parse(data), _id: id })
  } catch {
    return data // refused by the database, which says what is wrong with it
  }
}

function dataOf(reply: Body): Body {
  return Object(reply.data)
}

function rest({ data: _, ...others }: Body): Body {
  return others
}
