/** Database and storage as a mini program's user: `{ action, … }` in, the reply of the admin wire out. */
import type { IncomingMessage } from 'node:http'
import { pipeline } from 'node:stream/promises'
import busboy from 'busboy'
import { WireError } from '../core/errors.ts'
import { HttpRefusal, jsonReply, type Reply, readJsonObject } from '../core/http.ts'
import type { Client } from '../core/identity.ts'
import type { Ids } from '../core/ids.ts'
import { type IdentityOf, identify } from './user.ts'

type ClientAction = (
  action: string,
  body: Record<string, unknown>,
  client: Client,
) => Promise<Record<string, unknown>>

export interface ServicesDeps {
  ids: Ids
  identityOf: IdentityOf
  access: {
    database: ClientAction
    storage: ClientAction
    upload(cloudPath: string, content: AsyncIterable<Uint8Array>, client: Client): Promise<string>
  }
}

/** One document has 512 kB at most, and `add` may bring several. */
const MAX_BODY_BYTES = 20 * 1024 * 1024

/** `POST /client/database` and `/client/storage`. */
export async function clientAction(
  deps: ServicesDeps,
  service: 'database' | 'storage',
  request: IncomingMessage,
): Promise<Reply> {
  const { action, ...body } = await readJsonObject(request, MAX_BODY_BYTES)
  const identity = identify(deps.identityOf, request)
  return answer(deps, async () => {
    if (typeof action !== 'string' || !action.startsWith(`${service}.`))
      throw new WireError('INVALID_PARAM', `action must be one of ${service}.*`)
    return deps.access[service](action, body, identity)
  })
}

/** `POST /client/upload?cloudPath=…`, a form with one file: what `wx.uploadFile` sends. Nothing is kept in memory. */
export function clientUpload(
  deps: ServicesDeps,
  cloudPath: string,
  request: IncomingMessage,
): Promise<Reply> {
  const identity = identify(deps.identityOf, request)
  return answer(deps, async () => ({
    fileID: await deps.access.upload(cloudPath, fileOf(request), identity),
  }))
}

async function answer({ ids }: ServicesDeps, work: () => Promise<Record<string, unknown>>): Promise<Reply> {
  const requestId = ids.requestId()
  try {
    return jsonReply({ requestId, ...(await work()) })
  } catch (error) {
    if (!(error instanceof WireError)) throw error
    return jsonReply({ code: error.code, message: error.message, requestId })
  }
}

/** The bytes of the form's file, as they come; fails when there is none, or when the connection ends early. */
async function* fileOf(request: IncomingMessage): AsyncGenerator<Uint8Array> {
  const parser = busboyOf(request)
  const file = new Promise<AsyncIterable<Uint8Array>>((resolve, reject) => {
    parser.once('file', (_name, stream) => resolve(stream))
    parser.once('close', () => reject(new WireError('INVALID_PARAM', 'the form has no file')))
    parser.once('error', reject)
  })
  const received = pipeline(request, parser)
  // Its failure is told by the file's stream or by `file`; this one must not go unhandled.
  received.catch(() => undefined)
  yield* await file
  await received
}

function busboyOf(request: IncomingMessage): busboy.Busboy {
  try {
    return busboy({ headers: request.headers, limits: { files: 1 } })
  } catch {
    throw new HttpRefusal(400, 'INVALID_PARAM', 'the body must be a form (multipart/form-data) with one file')
  }
}
