/**
 * Database in gateway mode: `/v1/database/instances/<i>/databases/<d>/**` (js-sdk `database/src/index.ts`,
 * `gateWayFunc`). The web SDK's library is of the first generation in both of its modes: each address is one of that
 * generation's actions, spelled as HTTP. There is one instance and one database, whatever they are called.
 */
import * as z from 'zod'
import { WireError } from '../../core/errors.ts'
import type { Fields } from '../deps.ts'
import { parseJson, read } from '../read.ts'
import type { GatewayCall } from './call.ts'

/** Carries out one action as this caller; gives its `data`. */
async function run({ callers, deps, request, token }: GatewayCall, action: string, body: Fields) {
  const { client } = callers.get(token, request)
  const current = deps.toCurrent(action, body)
  const { data } = current.reply(await deps.access.database(current.action, current.body, client))
  return replySchema.parse(data ?? {})
}

const replySchema = z.looseObject({
  list: z.union([z.array(z.unknown()), z.string()]).default([]),
  total: z.number().default(0),
  insertedIds: z.array(z.unknown()).default([]),
  updated: z.number().default(0),
  deleted: z.number().default(0),
})

/** `GET …/documents`: a list, or with `count=true` how many. */
export async function findDocuments(call: GatewayCall): Promise<object> {
  const [collectionName] = call.params
  const search = call.url.searchParams
  const query = jsonParam(search, 'query', objectSchema)
  if (search.get('count') === 'true') {
    const { total } = await run(call, 'database.countDocument', {
      collectionName,
      queryType: 'WHERE',
      query,
    })
    return { total }
  }
  const offset = numberParam(search, 'offset') ?? 0
  const limit = numberParam(search, 'limit') ?? 100
  const { list } = await run(call, 'database.queryDocument', {
    collectionName,
    queryType: isOneDocument(query) ? 'DOC' : 'WHERE',
    query,
    projection: projectionOf(search),
    order: jsonParam(search, 'order', orderSchema),
    offset,
    limit,
    ...transactionOf(search.get('transactionId')),
  })
  return { list, offset, limit }
}

/** `GET …/documents/<id>`: what `where({ _id: _.eq(id) })` becomes. */
export async function getDocument(call: GatewayCall): Promise<object> {
  const [collectionName, id] = call.params
  const search = call.url.searchParams
  const { list } = await run(call, 'database.queryDocument', {
    collectionName,
    queryType: 'DOC',
    query: { _id: id },
    projection: projectionOf(search),
    ...transactionOf(search.get('transactionId')),
  })
  const [found] = list
  if (typeof found !== 'object' || found === null) {
    throw new WireError('DATABASE_DOCUMENT_NOT_EXIST', `there is no document ${id} that this user may read`)
  }
  return found
}

const objectSchema = z.record(z.string(), z.unknown())
const orderSchema = z.array(z.object({ field: z.string(), direction: z.enum(['asc', 'desc']) }))
const insertSchema = z.object({ data: z.array(objectSchema).min(1), transactionId: z.string().optional() })

export async function insertDocuments(call: GatewayCall): Promise<object> {
  const { data, transactionId } = read(insertSchema, await call.json())
  const { insertedIds } = await run(call, 'database.addDocument', {
    collectionName: call.params[0],
    data,
    ...transactionOf(transactionId),
  })
  return { insertedIds }
}

const modifySchema = z.object({
  query: objectSchema.optional(),
  data: objectSchema,
  multi: z.boolean().default(false),
  upsert: z.boolean().default(false),
  replaceMode: z.boolean().default(false),
  transactionId: z.string().optional(),
})

export async function modifyDocuments(call: GatewayCall): Promise<object> {
  const { query, data, multi, upsert, replaceMode, transactionId } = read(modifySchema, await call.json())
  // `set` sends a document without operators and never asks to replace; everywhere else it replaces, so here too.
  const isReplacement = replaceMode || !Object.keys(data).some((key) => key.startsWith('$'))
  const { updated, upsert_id, upserted_id } = await run(call, 'database.updateDocument', {
    ...filterOf(call, query, multi),
    data,
    merge: !isReplacement,
    upsert,
    ...transactionOf(transactionId),
  })
  return { matched: updated, updated, upsert_id, upserted_id }
}

const removeSchema = modifySchema.pick({ query: true, multi: true, transactionId: true })

export async function removeDocuments(call: GatewayCall): Promise<object> {
  const { query, multi, transactionId } = read(removeSchema, await call.json())
  const { deleted } = await run(call, 'database.deleteDocument', {
    ...filterOf(call, query, multi),
    ...transactionOf(transactionId),
  })
  return { deleted }
}

const pipelineSchema = z.object({ pipeline: z.array(objectSchema).min(1) })

export async function aggregate(call: GatewayCall): Promise<object> {
  const { pipeline } = read(pipelineSchema, await call.json())
  const { list } = await run(call, 'database.aggregate', {
    collectionName: call.params[0],
    stages: pipeline.flatMap((stage) =>
      Object.entries(stage).map(([stageKey, value]) => ({ stageKey, stageValue: JSON.stringify(value) })),
    ),
  })
  // One text of texts, which the SDK makes again out of these objects.
  const texts = typeof list === 'string' ? z.array(z.string()).parse(JSON.parse(list)) : []
  return { list: texts.map((text) => JSON.parse(text)) }
}

/** For administrators alone, as transactions are: `access` refuses both in its words. */
export async function createCollection(call: GatewayCall): Promise<object> {
  const { collectionName } = read(z.object({ collectionName: z.string() }), await call.json())
  return run(call, 'database.addCollection', { collectionName })
}

export async function startTransaction(call: GatewayCall): Promise<object> {
  return run(call, 'database.startTransaction', {})
}

function filterOf(call: GatewayCall, query: Fields | undefined, multi: boolean): Fields {
  const queryType = !multi && isOneDocument(query) ? 'DOC' : 'WHERE'
  return { collectionName: call.params[0], queryType, query, multi }
}

/** `doc(id)` and `where({ _id })` look the same on this wire; both are one document by its id. */
function isOneDocument(query: Fields | undefined): boolean {
  if (query === undefined || Object.keys(query).length !== 1) return false
  return (
    typeof query._id === 'string' || z.strictObject({ $numberInt: z.string() }).safeParse(query._id).success
  )
}

function jsonParam<Schema extends z.ZodType>(
  search: URLSearchParams,
  name: string,
  schema: Schema,
): z.output<Schema> | undefined {
  const text = search.get(name)
  return text ? read(schema, parseJson(text, name), name) : undefined
}

function numberParam(search: URLSearchParams, name: string): number | undefined {
  const text = search.get(name)
  return text ? read(z.coerce.number().int().min(0), text, name) : undefined
}

/** Fields as true and false, as 1 and 0, or as an expression such as `$slice`; none means all. */
function projectionOf(search: URLSearchParams): Fields | undefined {
  const shown = Object.entries(jsonParam(search, 'projection', objectSchema) ?? {})
  if (shown.length === 0) return undefined
  return Object.fromEntries(
    shown.map(([field, value]) => [field, typeof value === 'boolean' ? Number(value) : value]),
  )
}

function transactionOf(transactionId: string | null | undefined): Fields {
  return transactionId ? { transactionId } : {}
}
