import type * as z from 'zod'
import type { Caller, Context } from './context.ts'
import type { Language } from './errors/app-error.ts'
import { toFields } from './event.ts'
import type { Reply } from './reply.ts'
import type { Route } from './route.ts'

/** A request through HTTP access, as the platform hands it to a function (集成请求), with its body as it was sent. */
export interface HttpRequest {
  method: string
  /** Behind the path under which the function is reached. */
  path: string
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>
  /** The last value of each name: the platform gives no more. */
  query: Readonly<Record<string, string>>
  body: Buffer
}

/** What the platform turns into an HTTP answer (集成响应). */
export interface HttpAnswer {
  statusCode: number
  headers: Record<string, string>
  body: string
}

/** What an HTTP handler works with. Nobody is signed in: who calls is for the handler to find out. */
export interface HttpEntry {
  readonly ctx: Context
  /** Runs a route for `caller` with everything that the kernel promises. @param name `order/ship`, as functions call it. */
  call(
    name: string,
    route: Route,
    call: { caller: Caller; data: unknown; requestId?: string; lang: Language },
  ): Promise<Reply>
}

/** Routes that partners may call by the gateway, with the shape of their answers for the description that partners read. */
export type PartnerRoutes = Record<string, { route: Route; answer: z.ZodType }>

export type HttpHandler = (request: HttpRequest, entry: HttpEntry) => Promise<HttpAnswer>

/** Undefined for an event that is not an HTTP request. Anybody who may call the function can forge one. */
export function toHttpRequest(event: Record<string, unknown>): HttpRequest | undefined {
  const { httpMethod, path, headers, queryStringParameters, body, isBase64Encoded } = event
  if (typeof httpMethod !== 'string' || typeof path !== 'string') return undefined
  return {
    method: httpMethod.toUpperCase(),
    path,
    headers: toTexts(headers, (name) => name.toLowerCase()),
    query: toTexts(queryStringParameters, (name) => name),
    body: Buffer.from(typeof body === 'string' ? body : '', isBase64Encoded === true ? 'base64' : 'utf8'),
  }
}

function toTexts(value: unknown, nameOf: (name: string) => string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(toFields(value)).map(([name, text]) => [nameOf(name), String(text)]),
  )
}
