import * as z from 'zod'
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

/** The part of a route's input that asks for a page. */
export const pageInput = z.object({
  cursor: z.string().max(500).optional(),
  size: z.number().int().min(1).max(100).default(20),
})
