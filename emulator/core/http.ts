import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import busboy from 'busboy'

/** A request that is refused before any service sees it. */
export class HttpRefusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message)
    this.name = 'HttpRefusal'
  }
}

export interface Reply {
  status?: number
  contentType: string
  body: string | Uint8Array
  headers?: Record<string, string | string[]>
}

/** One address of the local cloud: modules offer them, the gateway serves them in the order given. */
export interface HttpRoute {
  /** `*` for all. */
  method: string
  /** Groups of the expression are the parameters. */
  path: RegExp
  /** Answers with a reply, or (undefined) has answered by itself. */
  handle(exchange: Exchange): Promise<Reply | undefined>
}

export interface Exchange {
  request: IncomingMessage
  response: ServerResponse
  url: URL
  /** What the groups of the path matched, decoded. */
  params: string[]
}

/** An address that speaks WebSocket; host and origin have been checked. */
export interface SocketRoute {
  path: RegExp
  handle(exchange: { request: IncomingMessage; socket: Duplex; head: Buffer; url: URL }): void
}

/** The very text that the SDK compares with (node-sdk `tcbapirequester.ts`): nothing else counts as JSON there. */
export const JSON_TYPE = 'application/json; charset=utf-8'

export function jsonReply(value: unknown, status = 200): Reply {
  return { status, contentType: JSON_TYPE, body: JSON.stringify(value) }
}

export function send(response: ServerResponse, { status = 200, contentType, body, headers }: Reply): void {
  response.writeHead(status, {
    ...headers,
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
  })
  response.end(body)
}

export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maxBytes)
      throw new HttpRefusal(413, 'BODY_TOO_LARGE', `the body has more than ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** An empty body counts as `{}`. */
export async function readJsonObject(
  request: IncomingMessage,
  maxBytes: number,
): Promise<Record<string, unknown>> {
  const text = (await readBody(request, maxBytes)).toString()
  const value = text.trim() === '' ? {} : parseJson(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new HttpRefusal(400, 'INVALID_PARAM', 'the body must be a JSON object')
  }
  return value as Record<string, unknown> // an object, as just seen
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new HttpRefusal(400, 'INVALID_PARAM', `the body is not JSON: ${reason}`)
  }
}

export interface Multipart {
  text: Record<string, string>
  binary: Record<string, Uint8Array>
}

/** The SDK's binary parts have a content type and no file name; both kinds may come in any order. */
export async function readMultipart(request: IncomingMessage, maxBytes: number): Promise<Multipart> {
  const body = await readBody(request, maxBytes)
  const parts: Multipart = { text: {}, binary: {} }
  return new Promise((resolve, reject) => {
    const refuse = (error: unknown) =>
      reject(new HttpRefusal(400, 'INVALID_PARAM', `the multipart body cannot be read: ${error}`))
    try {
      const parser = busboy({ headers: request.headers, limits: { fieldSize: maxBytes, parts: 100 } })
      parser.on('field', (name, value, { mimeType }) => {
        if (mimeType === 'application/octet-stream') parts.binary[name] = Buffer.from(value, 'binary')
        else parts.text[name] = value
      })
      parser.on('file', (name, stream) => {
        const chunks: Buffer[] = []
        stream.on('data', (chunk: Buffer) => chunks.push(chunk))
        stream.on('end', () => {
          parts.binary[name] = Buffer.concat(chunks)
        })
      })
      parser.on('error', refuse)
      parser.on('close', () => resolve(parts))
      parser.end(body)
    } catch (error) {
      refuse(error)
    }
  })
}
