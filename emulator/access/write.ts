/** add, update, set and remove: rules say who may, and whose the document is. */
import { WireError } from '../core/errors.ts'
import type { Client } from '../core/identity.ts'
import { collectionOf, type DatabaseAction, type DatabaseDeps } from './action.ts'
import { findRawDocument } from './documents.ts'
import { type Doc, decodeDoc, isPlain, parseQuery, parseRaw, stringifyEjson } from './ejson.ts'

export const insertDocument: DatabaseAction = async (deps, body, client) => {
  const collectionName = collectionOf(body)
  if (!Array.isArray(body.data)) throw new WireError('INVALID_PARAM', 'data must be a list of documents')
  const data: string[] = []
  for (const text of body.data) {
    data.push(await owned(deps, collectionName, parseRaw(text, 'data'), client))
  }
  return deps.database.handle('database.insertDocument', { collectionName, data }, {})
}

export const modifyDocument: DatabaseAction = async (deps, body, client) => {
  const collectionName = collectionOf(body)
  const query = parseQuery(body.query, deps.nowMs())
  const change = parseRaw(body.data, 'data')
  if (body.merge === false) return setDocument(deps, { collectionName, query, change }, client)
  if (body.upsert === true) throw new WireError('INVALID_PARAM', 'only set() may create a document')
  const decoded = decodeDoc(change, 'data', deps.nowMs())
  const allowed = await deps.rules.update(collectionName, query, decoded, client)
  return deps.database.handle(
    'database.modifyDocument',
    {
      collectionName,
      query: stringifyEjson(allowed),
      data: JSON.stringify(deps.fillTemplates(change, client)),
      multi: body.multi,
      merge: true,
      upsert: false,
    },
    {},
  )
}

export const removeDocument: DatabaseAction = async (deps, body, client) => {
  const collectionName = collectionOf(body)
  const query = await deps.rules.remove(collectionName, parseQuery(body.query, deps.nowMs()), client)
  const { multi } = body
  return deps.database.handle(
    'database.removeDocument',
    { collectionName, query: stringifyEjson(query), multi },
    {},
  )
}

/** Between the look and the write, others may create or remove the document: then it is looked at again. */
const SET_ATTEMPTS = 3

/** `doc(id).set()` replaces under the rule of updates, and creates under that of creations. */
async function setDocument(
  deps: DatabaseDeps,
  request: { collectionName: string; query: Doc; change: Doc },
  client: Client,
): Promise<Record<string, unknown>> {
  const { collectionName, query, change } = request
  const { _id } = query
  if (typeof _id !== 'string' && typeof _id !== 'number')
    throw new WireError('INVALID_PARAM', 'set needs the id of one document')
  for (let attempt = 1; attempt <= SET_ATTEMPTS; attempt++) {
    const existing = await findRawDocument(deps.database.handle, collectionName, _id)
    const reply = existing
      ? await replace(deps, request, existing, client)
      : await create(deps, collectionName, { _id, ...change }, client)
    if (reply) return { data: reply }
  }
  throw new WireError(
    'DATABASE_REQUEST_FAILED',
    'the document is made and removed again and again; try later',
  )
}

async function replace(
  deps: DatabaseDeps,
  { collectionName, query, change }: { collectionName: string; query: Doc; change: Doc },
  existing: Doc,
  client: Client,
): Promise<Record<string, unknown> | undefined> {
  const decoded = decodeDoc(change, 'data', deps.nowMs())
  const allowed = await deps.rules.update(collectionName, query, decoded, client)
  // A document keeps its owner, whoever replaces what is in it.
  const owner = '_openid' in existing ? { _openid: existing._openid } : {}
  // Only while it is still that owner's: it may have been removed and made anew by somebody else.
  const unmoved = Object.hasOwn(allowed, '_openid')
    ? allowed
    : { ...allowed, _openid: existing._openid ?? null }
  const { updated } = dataOf(
    await deps.database.handle(
      'database.modifyDocument',
      {
        collectionName,
        query: stringifyEjson(unmoved),
        data: JSON.stringify({ ...deps.fillTemplates(change, client), ...owner }),
        multi: false,
        merge: false,
        upsert: false,
      },
      {},
    ),
  )
  if (updated !== 0) return { updated }
  const now = await findRawDocument(deps.database.handle, collectionName, query._id)
  const isSame = now !== undefined && JSON.stringify(now._openid) === JSON.stringify(existing._openid)
  return isSame ? { updated } : undefined
}

async function create(
  deps: DatabaseDeps,
  collectionName: string,
  document: Doc,
  client: Client,
): Promise<Record<string, unknown> | undefined> {
  const data = [await owned(deps, collectionName, document, client)]
  try {
    const { insertedIds } = dataOf(
      await deps.database.handle('database.insertDocument', { collectionName, data }, {}),
    )
    return { updated: 0, upsert_id: Array.isArray(insertedIds) ? insertedIds[0] : undefined }
  } catch (error) {
    const isTaken =
      error instanceof WireError && error.message.includes('E11000') && error.message.includes('_id')
    if (!isTaken) throw error
    return undefined
  }
}

/** The document as it is stored: with its owner, and numbers and dates in the very form that came. */
async function owned(deps: DatabaseDeps, collection: string, raw: Doc, client: Client): Promise<string> {
  const { _openid } = await deps.rules.create(collection, decodeDoc(raw, 'data', deps.nowMs()), client)
  const filled = deps.fillTemplates(raw, client)
  return JSON.stringify(_openid === undefined ? filled : { ...filled, _openid })
}

function dataOf({ data }: Record<string, unknown>): Doc {
  return isPlain(data) ? data : {}
}
