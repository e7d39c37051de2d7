import * as z from 'zod'
import { refuse } from '../errors/app-error.ts'
import { command } from '../runtime/cloud.ts'
import type { Collection } from './collection.ts'
import type { Where } from './db.ts'

export interface PageRequest<T> {
  where?: Where<T>
  /** The field that orders the page; `_id` breaks ties, so that equal values neither repeat nor vanish. */
  orderBy: [keyof T & string, 'asc' | 'desc']
  cursor?: string
  /** 1 to 100. */
  size: number
}

export interface Page<T> {
  items: T[]
  /** Hand it back for the next page; null on the last one. */
  nextCursor: string | null
}

/** What a page brings along from another collection. */
export interface Join<F extends { _id: string }> {
  from: Collection<F>
  /** Expressions of an aggregation that give ids there, such as `'$authorId'` or `{ $concat: ['like-', '$_id'] }`. */
  ids: readonly unknown[]
}

export type JoinedPage<T, F> = Page<{ item: T; joined: F[] }>

/** The part of a route's input that asks for a page. */
export const pageInput = z.object({
  cursor: z.string().max(500).optional(),
  size: z.int().min(1).max(100).default(20),
})

const position = z.tuple([z.union([z.string(), z.number()]), z.string()])

/** Where the page after `cursor` begins; the plain range on the ordering field lets an index find it. */
export function afterCursor(cursor: string, field: string, direction: 'asc' | 'desc'): object {
  const [value, id] = decode(cursor)
  const [beyond, from] = direction === 'asc' ? [command.gt, command.gte] : [command.lt, command.lte]
  return command.and([
    { [field]: from(value) },
    command.or([{ [field]: beyond(value) }, { [field]: value, _id: beyond(id) }]),
  ])
}

/** @param rows one more than `size`, when there is a next page. */
export function toPage<T extends { _id: string }>(rows: T[], size: number, field: keyof T): Page<T> {
  const items = rows.slice(0, size)
  const last = items.at(-1)
  const hasMore = rows.length > size && last !== undefined
  return {
    items,
    nextCursor: hasMore ? Buffer.from(JSON.stringify([last[field], last._id])).toString('base64url') : null,
  }
}

function decode(cursor: string): [string | number, string] {
  try {
    return position.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')))
  } catch (cause) {
    return refuse('INVALID_INPUT', { field: 'cursor' }, cause)
  }
}
