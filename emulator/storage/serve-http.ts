/** Files over HTTP as cloud object storage serves them: PUT or POST with a ticket, GET and HEAD, refusals as XML. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { Clock } from '../core/clock.ts'
import type { Ids } from '../core/ids.ts'
import type { Log } from '../core/log.ts'
import { findAddress } from './address.ts'
import { type FileStore, FileTooLarge, type StoredFile } from './file-store.ts'
import { readUploadForm } from './form-upload.ts'
import type { Tickets } from './tickets.ts'

export interface HttpDeps {
  bucket: string
  files: FileStore
  tickets: Tickets
  clock: Clock
  ids: Ids
  log: Log
  isPublicRead(file: StoredFile): boolean
}

/** False when the address is not under /storage/. */
export async function serveHttp(
  req: IncomingMessage,
  res: ServerResponse,
  url: URL,
  deps: HttpDeps,
): Promise<boolean> {
  const address = findAddress(url.pathname)
  if (!address) return false
  res.setHeader('x-cos-request-id', deps.ids.requestId())
  try {
    if (address.bucket !== deps.bucket) throw new HttpRefusal(404, 'NoSuchBucket')
    if (req.method === 'PUT') await put(req, res, address.cloudPath, deps)
    else if (req.method === 'POST') await post(req, res, address.cloudPath, deps)
    else if (req.method === 'GET' || req.method === 'HEAD') await get(req, res, address.cloudPath, url, deps)
    else throw new HttpRefusal(405, 'MethodNotAllowed')
  } catch (error) {
    // A reader that goes away half way is no fault of ours.
    if (!(error instanceof HttpRefusal) && !res.destroyed) {
      deps.log.error('storage', `${req.method} ${url.pathname} failed`, { error: String(error) })
    }
    refuse(req, res, error instanceof HttpRefusal ? error : new HttpRefusal(500, 'InternalError'))
  }
  return true
}

class HttpRefusal extends Error {
  constructor(
    readonly status: number,
    /** Error code of cloud object storage. */
    readonly code: string,
    message = MESSAGES[code] ?? code,
  ) {
    super(message)
  }
}

const MESSAGES: Record<string, string> = {
  AccessDenied: 'Access Denied.',
  EntityTooLarge: 'Your proposed upload exceeds the maximum allowed object size.',
  IncompleteBody: 'The body ended before all bytes had come.',
  InternalError: 'We encountered an internal error. Please try again.',
  MalformedPOSTRequest: 'The body of your POST request is not well-formed multipart/form-data.',
  InvalidRange: 'The requested range is not satisfiable.',
  MethodNotAllowed: 'The specified method is not allowed against this resource.',
  NoSuchBucket: 'The specified bucket does not exist.',
  NoSuchKey: 'The specified key does not exist.',
  RequestTimeTooSkewed: 'The upload was granted too long ago.',
  SignatureDoesNotMatch: 'The Signature you specified is invalid.',
}

async function put(
  req: IncomingMessage,
  res: ServerResponse,
  cloudPath: string,
  deps: HttpDeps,
): Promise<void> {
  const header = (name: string) => [req.headers[name]].flat()[0]
  const { etag } = await store(req, { header, cloudPath, content: req }, deps)
  res.writeHead(200, { etag: `"${etag}"`, 'content-length': 0 }).end()
}

async function post(
  req: IncomingMessage,
  res: ServerResponse,
  cloudPath: string,
  deps: HttpDeps,
): Promise<void> {
  const form = await readUploadForm(req)
  if (!form) throw new HttpRefusal(400, 'MalformedPOSTRequest')
  const { fields, file } = form
  try {
    const isMeant = fields.key === undefined || fields.key === cloudPath
    if (!isMeant) throw new HttpRefusal(403, 'SignatureDoesNotMatch')
    const { etag } = await store(req, { header: (name) => fields[name], cloudPath, content: file }, deps)
    const wanted = Number(fields.success_action_status)
    const status = wanted === 200 || wanted === 201 ? wanted : 204
    res.writeHead(status, { etag: `"${etag}"`, ...(status === 204 ? {} : { 'content-length': 0 }) }).end()
  } finally {
    file.resume()
  }
}

/** Takes the bytes when the ticket among headers or fields allows it. */
async function store(
  req: IncomingMessage,
  upload: {
    header(name: string): string | undefined
    cloudPath: string
    content: AsyncIterable<Uint8Array>
  },
  deps: HttpDeps,
): Promise<StoredFile> {
  const { header, cloudPath, content } = upload
  const nowMs = deps.clock.nowMs()
  const grant = deps.tickets.checkUpload(
    {
      authorization: header('authorization') ?? header('signature'),
      token: header('x-cos-security-token'),
      cosFileId: header('x-cos-meta-fileid'),
    },
    nowMs,
  )
  if (typeof grant === 'string') throw new HttpRefusal(403, grant)
  if (grant.cloudPath !== cloudPath) throw new HttpRefusal(403, 'SignatureDoesNotMatch')
  const present = deps.files.find(cloudPath)
  // Rules judged what lay there when the grant was given, up to a quarter of an hour ago.
  const isOthers = present !== undefined && present.openid !== grant.openid
  if (grant.replaces !== undefined && isOthers && present.objectId !== grant.replaces)
    throw new HttpRefusal(403, 'AccessDenied')
  return deps.files
    .write({ cloudPath, openid: grant.openid, uploadedAtMs: nowMs }, content)
    .catch((error: unknown) => {
      if (error instanceof FileTooLarge) throw new HttpRefusal(400, 'EntityTooLarge')
      if (!req.complete) throw new HttpRefusal(400, 'IncompleteBody')
      throw error
    })
}

async function get(
  req: IncomingMessage,
  res: ServerResponse,
  cloudPath: string,
  url: URL,
  deps: HttpDeps,
): Promise<void> {
  const file = deps.files.find(cloudPath)
  if (!file) throw new HttpRefusal(404, 'NoSuchKey')
  const isAllowed =
    deps.isPublicRead(file) || deps.tickets.isReadAllowed(cloudPath, url.searchParams, deps.clock.nowMs())
  if (!isAllowed) throw new HttpRefusal(403, 'AccessDenied')

  const etag = `"${file.etag}"`
  res.setHeader('etag', etag)
  res.setHeader('last-modified', new Date(file.uploadedAtMs).toUTCString())
  res.setHeader('accept-ranges', 'bytes')
  // A user's upload is served from the same origin as /control: it must not run there as a page.
  res.setHeader('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox")
  res.setHeader('x-content-type-options', 'nosniff')
  if (req.headers['if-none-match'] === etag) {
    res.writeHead(304).end()
    return
  }
  const range = readRange(req.headers.range, file.sizeBytes)
  if (range) res.setHeader('content-range', `bytes ${range.start}-${range.end}/${file.sizeBytes}`)
  res.writeHead(range ? 206 : 200, {
    'content-type': file.contentType,
    'content-length': range ? range.end - range.start + 1 : file.sizeBytes,
  })
  if (req.method === 'HEAD' || file.sizeBytes === 0) res.end()
  else await pipeline(deps.files.read(file, range), res)
}

/** One range of bytes, `end` inclusive; several at once and other units are answered with the whole file. */
function readRange(
  header: string | undefined,
  sizeBytes: number,
): { start: number; end: number } | undefined {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? []
  if (from === '' && to === '') return undefined
  const start = from === '' ? Math.max(sizeBytes - Number(to), 0) : Number(from)
  const end = from === '' || to === '' ? sizeBytes - 1 : Math.min(Number(to), sizeBytes - 1)
  if (start > end) throw new HttpRefusal(416, 'InvalidRange')
  return { start, end }
}

/** The SDK needs all four children (node-sdk `storage/index.ts`); what is left of the body is not waited for. */
function refuse(req: IncomingMessage, res: ServerResponse, refusal: HttpRefusal): void {
  if (res.headersSent) {
    res.destroy()
    return
  }
  const requestId = res.getHeader('x-cos-request-id')
  const xml = `<?xml version='1.0' encoding='utf-8' ?><Error><Code>${refusal.code}</Code><Message>${refusal.message}</Message><RequestId>${requestId}</RequestId><TraceId>${requestId}</TraceId></Error>`
  if (!req.complete) {
    // Read on, so that a client that is still sending sees the answer; the connection is not used again.
    req.resume()
    res.setHeader('connection', 'close')
  }
  res.writeHead(refusal.status, {
    'content-type': 'application/xml',
    'content-length': Buffer.byteLength(xml),
  })
  res.end(req.method === 'HEAD' ? undefined : xml)
}
