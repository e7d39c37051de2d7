import { brotliDecompressSync } from 'node:zlib'
import {
  AppError,
  type Context,
  type HttpAnswer,
  type HttpEntry,
  type HttpRequest,
  refuse,
} from '../../_kernel/index.ts'
import { liveKeys } from '../token/keys.ts'
import { authenticate } from './authenticate.ts'
import { findEndpoint } from './endpoints.ts'
import { toInput } from './input.ts'
import { languageOf, toProblem } from './problem.ts'

/** Every request of partners. No `access-control-` header leaves here: pages in browsers are kept out. */
export async function serve(request: HttpRequest, entry: HttpEntry): Promise<HttpAnswer> {
  const { ctx } = entry
  const answer = await answerTo(request, entry).catch((thrown: unknown) => {
    const known = thrown instanceof AppError && thrown.error !== 'INTERNAL'
    if (!known) ctx.log.error({ cause: thrown }, 'request failed')
    const error = thrown instanceof AppError ? thrown : new AppError('INTERNAL')
    const message = error.messageIn(languageOf(request.headers))
    return toProblem({
      error: error.error,
      code: error.code,
      message,
      details: error.details,
      requestId: ctx.requestId,
    })
  })
  const headers = {
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-request-id': ctx.requestId,
    ...answer.headers,
  }
  return { ...answer, headers }
}

async function answerTo(request: HttpRequest, entry: HttpEntry): Promise<HttpAnswer> {
  const { ctx } = entry
  const open = Object.hasOwn(openPaths, request.path) ? openPaths[request.path] : undefined
  if (!open) return callRoute(request, entry)
  if (open.method !== request.method) refuse('METHOD_NOT_ALLOWED', { allowed: [open.method] })
  return open.answer(ctx, request)
}

const JSON_TYPE = 'application/json; charset=utf-8'

interface OpenPath {
  method: string
  answer(ctx: Context, request: HttpRequest): Promise<HttpAnswer>
}

/** What needs no token; loaded when it is asked for, because most requests bring one. */
const openPaths: Record<string, OpenPath> = {
  '/oauth/token': {
    method: 'POST',
    answer: async (ctx, request) => (await import('./token-endpoint.ts')).giveToken(ctx, request),
  },
  '/.well-known/jwks.json': {
    method: 'GET',
    answer: async (ctx) =>
      json(200, {
        keys: (await liveKeys(ctx)).map(({ _id: kid, publicJwk }) => ({
          ...publicJwk,
          kid,
          alg: 'EdDSA',
          use: 'sig',
        })),
      }),
  },
  '/openapi.json': {
    method: 'GET',
    answer: async () => {
      const { packedOpenApi } = await import('./packed-open-api.ts')
      return {
        statusCode: 200,
        headers: { 'content-type': JSON_TYPE, 'cache-control': 'public, max-age=3600' },
        body: brotliDecompressSync(Buffer.from(packedOpenApi, 'base64')).toString('utf8'),
      }
    },
  },
}

async function callRoute(request: HttpRequest, { ctx, call }: HttpEntry): Promise<HttpAnswer> {
  const found = findEndpoint(request.method, request.path)
  if ('allowed' in found) {
    if (found.allowed.length > 0) refuse('METHOD_NOT_ALLOWED', { allowed: found.allowed })
    return refuse('ROUTE_NOT_FOUND')
  }
  const { endpoint, params } = found
  const { partner, caller } = await authenticate(ctx, request)
  const { route } = await endpoint.load()
  const reply = await call(endpoint.route, route, {
    caller,
    data: toInput(route.input, { params, query: request.query, body: request.body }),
    requestId: request.headers['idempotency-key'],
    lang: languageOf(request.headers),
  })
  const answer = 'error' in reply ? toProblem(reply) : json(endpoint.status, reply.data)
  const headers: Record<string, string> = {
    ...answer.headers,
    'x-ratelimit-remaining': String(partner.minuteLeft),
  }
  const cursor = 'error' in reply ? undefined : nextCursorOf(reply.data)
  if (cursor !== undefined)
    headers.link = `<?${new URLSearchParams({ ...request.query, cursor })}>; rel="next"`
  return { ...answer, headers }
}

function json(statusCode: number, body: unknown): HttpAnswer {
  return {
    statusCode,
    headers: { 'content-type': JSON_TYPE },
    body: JSON.stringify(body),
  }
}

function nextCursorOf(data: unknown): string | undefined {
  const cursor =
    typeof data === 'object' && data !== null && 'nextCursor' in data ? data.nextCursor : undefined
  return typeof cursor === 'string' ? cursor : undefined
}
