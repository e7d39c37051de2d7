import * as z from 'zod'
import type { ControlRoute } from './route.ts'

/** The description of the control API, made from the very table that routes it. */
export function describeRoutes(routes: ControlRoute[]): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const { method, path, summary, body, textType = 'application/json', query } of routes) {
    const operations = paths[path] ?? {}
    paths[path] = operations
    operations[method.toLowerCase()] = {
      summary,
      parameters: [...pathParameters(path), ...queryParameters(query)],
      ...(body ? { requestBody: { content: { [textType]: { schema: jsonSchema(body) } } } } : {}),
      responses: {
        200: { description: 'done', content: { 'application/json': {} } },
        default: { description: 'refused: { code, message }' },
      },
    }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Control of the local cloud', version: '1' },
    paths,
  }
}

function pathParameters(path: string): unknown[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
}

function queryParameters(query: z.ZodType | undefined): unknown[] {
  const properties = query ? jsonSchema(query).properties : undefined
  return Object.entries(properties ?? {}).map(([name, schema]) => ({ name, in: 'query', schema }))
}

function jsonSchema(schema: z.ZodType): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
}
