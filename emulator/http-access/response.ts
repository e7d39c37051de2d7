import { validateHeaderName, validateHeaderValue } from 'node:http'
import * as z from 'zod'
import { JSON_TYPE, type Reply } from '../core/http.ts'

const TEXT_TYPE = 'text/plain; charset=utf-8'

const headerValue = z.union([z.string(), z.number(), z.boolean()]).transform(String)

/** The answer that speaks HTTP itself (集成响应). */
const integrationResponse = z.object({
  statusCode: z.coerce.number().int().min(200).max(599),
  headers: z.record(z.string(), z.union([headerValue, z.array(headerValue)])).default({}),
  multiValueHeaders: z.record(z.string(), z.array(headerValue)).default({}),
  body: z.unknown().optional(),
  isBase64Encoded: z.boolean().default(false),
})

/** Belong to the connection, which is ours. */
const OWN_HEADERS = new Set(['content-length', 'transfer-encoding', 'connection', 'keep-alive'])

/** With these statuses nothing follows the headers (RFC 9110), so no length may be told either. */
const NO_BODY = new Set([204, 205, 304])

/** The function's answer cannot be sent over HTTP. */
export class BadResponse extends Error {}

/**
 * What a function returned, as HTTP: a string or number as text, an object as JSON, or whatever the function says
 * itself with `statusCode`.
 */
export function toReply(value: unknown): Reply {
  if (value === undefined) return { contentType: TEXT_TYPE, body: '' }
  if (typeof value !== 'object') return { contentType: TEXT_TYPE, body: String(value) }
  if (value === null || !Object.hasOwn(value, 'statusCode'))
    return { contentType: JSON_TYPE, body: JSON.stringify(value) }
  const parsed = integrationResponse.safeParse(value)
  if (!parsed.success) throw new BadResponse(z.prettifyError(parsed.error))
  const { statusCode, isBase64Encoded, body } = parsed.data
  const headers = readHeaders({ ...parsed.data.headers, ...parsed.data.multiValueHeaders })
  const { 'content-type': contentType, ...rest } = headers
  const isText = typeof body === 'string' || body === undefined || body === null
  const text = NO_BODY.has(statusCode) ? '' : isText ? (body ?? '') : JSON.stringify(body)
  return {
    status: statusCode,
    contentType: String(contentType ?? (isText ? TEXT_TYPE : JSON_TYPE)),
    headers: rest,
    body: isBase64Encoded ? Buffer.from(text, 'base64') : text,
  }
}

function readHeaders(given: Record<string, string | string[]>): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {}
  for (const [name, value] of Object.entries(given)) {
    try {
      validateHeaderName(name)
      for (const one of [value].flat()) validateHeaderValue(name, one)
    } catch (error) {
      throw new BadResponse(`header ${name}: ${error instanceof Error ? error.message : error}`)
    }
    const lower = name.toLowerCase()
    if (!OWN_HEADERS.has(lower)) headers[lower] = value
  }
  return headers
}
