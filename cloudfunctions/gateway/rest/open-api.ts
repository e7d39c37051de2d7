/**
 * The description of the API (OpenAPI 3.1), made from the schemas that requests are parsed with. Never runs in a function:
 * `npm run openapi` packs what it makes into `packed-open-api.ts`.
 */
import * as z from 'zod'
import type { PartnerRoutes } from '../../_kernel/index.ts'
import { type Endpoint, endpoints, knownScopes } from './endpoints.ts'

type Json = Record<string, unknown>

const problem = z
  .object({
    type: z.string().meta({ description: 'urn:problem:stock-short' }),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: 'For people, in the language of Accept-Language (zh or en)' }),
    error: z.string().meta({ description: 'The stable name of the refusal' }),
    code: z.int(),
    details: z.record(z.string(), z.unknown()).optional(),
    requestId: z.string(),
  })
  .meta({ description: 'Why a request was refused (RFC 9457)' })

export async function openApi(): Promise<Json> {
  const paths: Record<string, Json> = {}
  for (const endpoint of endpoints) {
    const described = operation(endpoint, await endpoint.load())
    paths[endpoint.path] = { ...paths[endpoint.path], [endpoint.method.toLowerCase()]: described }
  }
  const scopes = await knownScopes()
  return {
    openapi: '3.1.0',
    info: {
      title: 'Partner API',
      version: '1.0.0',
      description:
        'Lists come in pages: hand `nextCursor` back as `cursor`, or follow the Link header. Amounts are integers in fen, times milliseconds since 1970.',
    },
    servers: [{ url: '/' }],
    security: [{ oauth: [] }],
    paths,
    components: {
      securitySchemes: {
        oauth: {
          type: 'oauth2',
          flows: {
            clientCredentials: {
              tokenUrl: '/oauth/token',
              scopes: Object.fromEntries(scopes.map((scope) => [scope, `Routes that need ${scope}`])),
            },
          },
        },
      },
      schemas: { Problem: schemaOf(problem, 'output') },
      responses: {
        Problem: {
          description: 'Refused',
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
    },
  }
}

function operation(
  { method, path, operationId, status }: Endpoint,
  { route, answer }: PartnerRoutes[string],
): Json {
  const {
    properties = {},
    required = [],
    ...rest
  } = schemaOf(route.input, 'input') as {
    properties?: Record<string, Json>
    required?: string[]
  }
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
  const others = Object.keys(properties).filter((name) => !inPath.includes(name))
  const takesBody = method === 'POST' && others.length > 0
  const body = {
    ...rest,
    properties: Object.fromEntries(others.map((name) => [name, properties[name]])),
    ...without({ required: required.filter((name) => others.includes(name)) }),
  }
  const parameters = [
    ...inPath.map((name) => ({
      name,
      in: 'path',
      required: true,
      schema: properties[name] ?? { type: 'string' },
    })),
    ...(takesBody
      ? []
      : others.map((name) => ({
          name,
          in: 'query',
          required: required.includes(name),
          schema: properties[name],
        }))),
    ...(route.idempotent ? [idempotencyKey] : []),
  ]
  return {
    operationId,
    summary: route.summary,
    ...(route.access === 'public' ? {} : { security: [{ oauth: [route.access] }] }),
    ...without({ parameters }),
    ...(takesBody
      ? { requestBody: { required: true, content: { 'application/json': { schema: body } } } }
      : {}),
    responses: {
      [status]: {
        description: 'Done',
        content: { 'application/json': { schema: schemaOf(answer, 'output') } },
      },
      default: { $ref: '#/components/responses/Problem' },
    },
  }
}

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: true,
  description:
    'The same when you try again: the request takes effect once, and is answered as it was the first time',
  schema: { type: 'string', pattern: '^[A-Za-z0-9_-]{8,64}$' },
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return rest
}

/** Empty lists are left out. */
function without<T extends Record<string, unknown[]>>(lists: T): Partial<T> {
  return Object.values(lists).every((list) => list.length === 0) ? {} : lists
}
