/** The fields of an action's body, decoded once and typed. */
import * as z from 'zod'
import { parseDocument } from '../ejson.ts'
import { invalidParam } from '../errors.ts'
import { DEFAULT_QUERY_LIMIT, MAX_QUERY_LIMIT } from '../limits.ts'
import { type Order, parseOrder } from '../order.ts'
import { compileProjection, type Projection } from '../projection.ts'
import type { Document } from '../values.ts'

/** `query` may be missing or empty (`collection.remove()` sends ""): both mean everything. */
export const ejsonText = z.string().optional()

export const collectionName = z.string().min(1)

/** Parses a body or refuses with the platform's code and the field at fault. */
export function parseBody<T extends z.ZodType>(schema: T, body: Record<string, unknown>): z.output<T> {
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw invalidParam(`param.${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}`)
}

export function readFilter(text: string | undefined, nowMs: number): Document {
  return text ? parseDocument(text, 'query', nowMs) : {}
}

export function readOrder(text: string | undefined): Order {
  return text ? parseOrder(parseDocument(text, 'order')) : []
}

export function readProjection(text: string | undefined): Projection | undefined {
  const spec = text ? parseDocument(text, 'projection') : {}
  return Object.keys(spec).length > 0 ? compileProjection(spec) : undefined
}

export const limitField = z.number().int().min(0).optional()

export function readLimit(limit: number | undefined): number {
  return Math.min(limit || DEFAULT_QUERY_LIMIT, MAX_QUERY_LIMIT)
}
