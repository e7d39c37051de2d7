/** Gateway mode: `/v1/**`, with real HTTP statuses. */
import type { IncomingMessage } from 'node:http'
import { notEmulated, WireError } from '../../core/errors.ts'
import { HttpRefusal, type HttpRoute, jsonReply, type Reply, readBody } from '../../core/http.ts'
import { bearerOf, type Callers } from '../callers.ts'
import type { WebDeps } from '../deps.ts'
import { parseJson } from '../read.ts'
import type { GatewayCall } from './call.ts'
import {
  aggregate,
  createCollection,
  findDocuments,
  getDocument,
  insertDocuments,
  modifyDocuments,
  removeDocuments,
  startTransaction,
} from './database.ts'
import { callFunction } from './functions.ts'
import { statusOf } from './status.ts'
import { copyObjects, deleteObjects, getDownloadInfo, getUploadInfo } from './storage.ts'

/** A value is sent as JSON; a function's result is a reply already. */
type Handler = (call: GatewayCall) => Promise<object>

const DATABASE = '/database/instances/[^/]+/databases/[^/]+'
const DOCUMENTS = `${DATABASE}/collections/([^/]+)/documents`

const addresses: [method: string, path: string, Handler][] = [
  ['GET', DOCUMENTS, findDocuments],
  ['POST', DOCUMENTS, insertDocuments],
  ['PATCH', DOCUMENTS, modifyDocuments],
  ['POST', `${DOCUMENTS}/remove`, removeDocuments],
  ['POST', `${DOCUMENTS}/aggregations`, aggregate],
  ['GET', `${DOCUMENTS}/([^/]+)`, getDocument],
  ['POST', `${DATABASE}/collections`, createCollection],
  ['POST', `${DATABASE}/transactions`, startTransaction],
  ['POST', '/storages/get-objects-upload-info', getUploadInfo],
  ['POST', '/storages/get-objects-download-info', getDownloadInfo],
  ['POST', '/storages/delete-objects', deleteObjects],
  ['POST', '/storages/copy-objects', copyObjects],
]

/** A write of many documents; each has 16 MB at most, and a laptop some memory. */
const MAX_BODY_BYTES = 32 * 1024 * 1024

export function gatewayRoutes(deps: WebDeps, callers: Callers): HttpRoute[] {
  const route = (method: string, path: string, answer: (call: GatewayCall) => Promise<Reply>): HttpRoute => ({
    method,
    path: new RegExp(`^/v1${path}$`),
    async handle({ request, url, params }) {
      try {
        const token = bearerOf(request)
        const json = () => readJson(request)
        return await answer({ deps, callers, request, url, params, token, json })
      } catch (error) {
        return describe(error, requestIdOf(request) ?? deps.ids.requestId())
      }
    },
  })
  return [
    route('POST', '/functions/([^/]+)', callFunction),
    ...addresses.map(([method, path, handler]) =>
      route(method, path, async (call) => jsonReply(await handler(call))),
    ),
    route('*', '/.*', async ({ request, url }) => {
      throw notEmulated(`${request.method} ${url.pathname}`)
    }),
  ]
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  return parseJson((await readBody(request, MAX_BODY_BYTES)).toString() || '{}', 'the body')
}

/** The SDK rejects with this very object (js-sdk `adapters/platforms/web.ts`, `fetch`). */
function describe(error: unknown, requestId: string): Reply {
  if (error instanceof WireError) {
    const { code, message } = error
    return jsonReply({ code, message, requestId }, statusOf(code))
  }
  if (error instanceof HttpRefusal) {
    return jsonReply({ code: error.code, message: error.message, requestId }, error.status)
  }
  throw error
}

function requestIdOf({ headers }: IncomingMessage): string | undefined {
  return [headers['x-request-id']].flat()[0]
}
