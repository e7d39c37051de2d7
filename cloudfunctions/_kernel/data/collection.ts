import type * as z from 'zod'
import type { Doc } from '../context.ts'

/** A collection of the document database: its name and the one place where the shape of its documents is written. */
export interface Collection<T extends Doc> {
  readonly name: string
  /** Names of the top-level fields, to know which ones a whole write must remove. */
  readonly fields: readonly string[]
  /** Turns what the database holds into a `T`; what does not fit is a fault, not a refusal. */
  parse(stored: unknown): T
}

export function collection<S extends z.ZodObject>(name: string, schema: S): Collection<z.output<S> & Doc> {
  return {
    name,
    fields: Object.keys(schema.shape),
    parse(stored) {
      const parsed = schema.safeParse(stored)
      if (!parsed.success) {
        const id = typeof stored === 'object' && stored !== null && '_id' in stored ? String(stored._id) : '?'
        throw new Error(`${name}/${id} does not have the shape of its collection: ${parsed.error.message}`)
      }
      // `_id: z.string()` is part of every collection's schema; the type parameter cannot say so.
      return parsed.data as z.output<S> & Doc
    },
  }
}
