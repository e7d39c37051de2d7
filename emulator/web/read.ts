import type * as z from 'zod'
import { WireError } from '../core/errors.ts'

/** The value as the schema has it; a refusal names the field that is wrong. */
export function read<Schema extends z.ZodType>(schema: Schema, value: unknown, what = ''): z.output<Schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const path = [what, ...(issue?.path ?? [])].filter((part) => part !== '').join('.')
  throw new WireError('INVALID_PARAM', `${path || 'body'}: ${issue?.message ?? 'invalid'}`)
}

export function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new WireError('INVALID_PARAM', `${what} is not JSON`)
  }
}
