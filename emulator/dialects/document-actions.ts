/**
 * The plain-JSON actions of @cloudbase/database 0.9 (`query.ts`, `document.ts`, `aggregate.ts`), which wx-server-sdk 1.8
 * sends through tcb-admin-node, and js-sdk in its CLOUD_API mode.
 */
import type { Translated, Translation } from './index.ts'
import { stageToEjson, toEjsonText, toPlain } from './plain-json.ts'

type Body = Record<string, unknown>

export const documentActions: Record<string, Translation> = {
  'database.queryDocument': (body) => ({
    action: 'database.getDocument',
    body: {
      ...body,
      query: toEjsonText(body.query),
      order: toEjsonText(orderOf(body.order)),
      projection: toEjsonText(body.projection),
    },
    reply: (current) => ({ ...current, data: { list: textsOf(dataOf(current).list).map(toPlain) } }),
  }),

  'database.countDocument': (body) => ({
    action: 'database.calculateDocument',
    body: { ...body, query: toEjsonText(body.query) },
    reply: asItIs,
  }),

  'database.addDocument': (body) => {
    const documents = Array.isArray(body.data) ? body.data : [withId(body.data, body._id)]
    return {
      action: 'database.insertDocument',
      body: { ...body, data: documents.map((document) => toEjsonText(document)) },
      reply(current) {
        const { insertedIds } = dataOf(current)
        return { ...current, data: { _id: Array.isArray(insertedIds) ? insertedIds[0] : null, insertedIds } }
      },
    }
  },

  'database.updateDocument': (body) => ({
    action: 'database.modifyDocument',
    body: { ...body, query: toEjsonText(body.query), data: toEjsonText(body.data) },
    reply(current) {
      const data = dataOf(current)
      // `doc()` reads the one, `where()` the other.
      return { ...current, data: { ...data, upserted_id: data.upsert_id } }
    },
  }),

  'database.deleteDocument': (body) => ({
    action: 'database.removeDocument',
    body: { ...body, query: toEjsonText(body.query) },
    reply: asItIs,
  }),

  'database.aggregate': (body) => ({
    action: 'database.aggregateDocuments',
    body: { ...body, stages: Array.isArray(body.stages) ? body.stages.map(toCurrentStage) : body.stages },
    // One text around all: the SDK parses it, and then each of the texts in it.
    reply: (current) => ({ ...current, data: { list: JSON.stringify(dataOf(current).list) } }),
  }),
}

const asItIs: Translated['reply'] = (current) => current

function orderOf(order: unknown): unknown {
  if (!Array.isArray(order)) return order
  return Object.fromEntries(
    order.map(Object).map(({ field, direction }) => [String(field), direction === 'desc' ? -1 : 1]),
  )
}

function withId(document: unknown, id: unknown): unknown {
  return id === undefined ? document : { ...Object(document), _id: id }
}

function toCurrentStage(stage: unknown): unknown {
  const { stageValue } = Object(stage)
  return typeof stageValue === 'string' ? { ...Object(stage), stageValue: stageToEjson(stageValue) } : stage
}

function dataOf(reply: Body): Body {
  return Object(reply.data)
}

function textsOf(list: unknown): string[] {
  return Array.isArray(list) ? list.map(String) : []
}
