import * as z from 'zod'
import { refuse } from '../../_kernel/index.ts'

/** The input of a route out of the parts of a request: what the path says counts over what the body says. */
export function toInput(
  schema: z.ZodType,
  parts: { params: Record<string, string>; query: Readonly<Record<string, string>>; body: Buffer },
): Record<string, unknown> {
  const { params, query, body } = parts
  return { ...fromText(schema, query), ...readBody(body), ...params }
}

/** A query knows text only: what a field does not take as text is tried as a number, a truth value, a list. */
function fromText(schema: z.ZodType, query: Readonly<Record<string, string>>): Record<string, unknown> {
  const shape: Record<string, z.ZodType> = schema instanceof z.ZodObject ? schema.shape : {}
  return Object.fromEntries(
    Object.entries(query).map(([name, text]) => {
      const field = Object.hasOwn(shape, name) ? shape[name] : undefined
      return [name, meaningsOf(text).find((meaning) => field?.safeParse(meaning).success) ?? text]
    }),
  )
}

function meaningsOf(text: string): unknown[] {
  const truth = text === 'true' || text === 'false' ? [text === 'true'] : []
  return [text, Number(text), ...truth, text.split(',')]
}

function readBody(body: Buffer): Record<string, unknown> {
  if (body.length === 0) return {}
  let value: unknown
  try {
    value = JSON.parse(body.toString('utf8'))
  } catch (cause) {
    return refuse('INVALID_INPUT', { why: 'the body is not JSON' }, cause)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return refuse('INVALID_INPUT', { why: 'the body is not an object' })
  return { ...value }
}
