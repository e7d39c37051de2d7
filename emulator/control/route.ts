import * as z from 'zod'

/** One line of the control API: routes the request, checks it, and describes itself in openapi.json. */
export interface ControlRoute {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** `/control/faults/{id}` */
  path: string
  summary: string
  body?: z.ZodType
  /** Content type of a body that is not JSON: `body` checks its text. */
  textType?: string
  query?: z.ZodType
  handle(input: { body: unknown; query: unknown; params: Record<string, string> }): Promise<unknown>
}

/** An answer that is not JSON. */
export class TextAnswer {
  constructor(
    readonly contentType: string,
    readonly text: string,
  ) {}
}

/** A refusal of the control API; its status is HTTP's. */
export class ControlRefusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message)
    this.name = 'ControlRefusal'
  }
}

export function route<
  Body extends z.ZodType = z.ZodUndefined,
  Query extends z.ZodType = z.ZodUndefined,
>(spec: {
  method: ControlRoute['method']
  path: string
  summary: string
  body?: Body
  textType?: string
  query?: Query
  handle(input: { body: z.output<Body>; query: z.output<Query>; params: Record<string, string> }): unknown
}): ControlRoute {
  return {
    ...spec,
    handle: async ({ body, query, params }) =>
      spec.handle({ body: parse(spec.body, body, 'body'), query: parse(spec.query, query, 'query'), params }),
  }
}

function parse<T extends z.ZodType>(schema: T | undefined, value: unknown, where: string): z.output<T> {
  // Without a schema its output type is undefined.
  if (!schema) return undefined as z.output<T>
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new ControlRefusal(400, 'INVALID_PARAM', `${where}: ${z.prettifyError(parsed.error)}`)
}
