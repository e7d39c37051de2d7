import * as z from 'zod'
import { type ControlRoute, route, TextAnswer } from '../route.ts'

export interface DataPorts {
  collections(): object[]
  /** Creates the collection when it is missing, and those of its indexes that are missing. */
  ensureCollection(name: string, indexes: z.output<typeof indexList>): Promise<void>
  explain(collection: string, queryEjson: string, orderEjson?: string): unknown
  exportAll(): Promise<object>
  importAll(snapshot: unknown): Promise<void>
  reset(): Promise<void>
  exportCollection(name: string): Promise<string>
  importCollection(name: string, lines: string, mode: 'insert' | 'upsert'): Promise<object>
}

const indexList = z.array(
  z.strictObject({
    name: z.string().min(1),
    unique: z.boolean().optional(),
    fields: z
      .array(
        z.strictObject({
          path: z.string().min(1),
          direction: z.union([z.literal(1), z.literal(-1), z.literal('2dsphere')]),
        }),
      )
      .min(1),
  }),
)
const ejson = z.record(z.string(), z.unknown())

/** Collections, indexes, query plans and snapshots. */
export function dataRoutes(data: DataPorts): ControlRoute[] {
  return [
    route({
      method: 'GET',
      path: '/control/collections',
      summary: 'Collections with their number of documents and indexes',
      handle: () => ({ collections: data.collections() }),
    }),
    route({
      method: 'POST',
      path: '/control/collections',
      summary: 'Creates a collection and its indexes; what exists stays',
      body: z.strictObject({ name: z.string().min(1), indexes: indexList.default([]) }),
      async handle({ body }) {
        await data.ensureCollection(body.name, body.indexes)
        return { collections: data.collections() }
      },
    }),
    route({
      method: 'GET',
      path: '/control/collections/{name}/export',
      summary: 'The documents of a collection as JSON Lines',
      handle: async ({ params: { name = '' } }) =>
        new TextAnswer('application/x-ndjson; charset=utf-8', await data.exportCollection(name)),
    }),
    route({
      method: 'POST',
      path: '/control/collections/{name}/import',
      summary:
        'Adds documents given as JSON Lines; insert adds all or none, upsert replaces those that exist',
      textType: 'application/x-ndjson',
      body: z.string(),
      query: z.object({ mode: z.enum(['insert', 'upsert']).default('insert') }),
      handle: ({ params: { name = '' }, body, query }) => data.importCollection(name, body, query.mode),
    }),
    route({
      method: 'POST',
      path: '/control/explain',
      summary: 'Which index a query would use',
      body: z.strictObject({ collection: z.string(), query: ejson.default({}), order: ejson.optional() }),
      handle: ({ body: { collection, query, order } }) =>
        data.explain(collection, JSON.stringify(query), order && JSON.stringify(order)),
    }),
    route({
      method: 'GET',
      path: '/control/snapshot',
      summary: 'Everything that is stored, as one JSON document',
      handle: () => data.exportAll(),
    }),
    route({
      method: 'POST',
      path: '/control/snapshot/import',
      summary: 'Replaces everything that is stored by a snapshot',
      body: z.looseObject({ version: z.literal(1) }),
      async handle({ body }) {
        await data.importAll(body)
        return { collections: data.collections() }
      },
    }),
    route({
      method: 'POST',
      path: '/control/snapshot/reset',
      summary: 'Removes everything that is stored; collections and indexes of the project stay',
      async handle() {
        await data.reset()
        return { collections: data.collections() }
      },
    }),
  ]
}
