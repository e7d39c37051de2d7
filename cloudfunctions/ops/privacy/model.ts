import * as z from 'zod'
import { type Collection, collection, text } from '../../_kernel/index.ts'

const erasureSchema = z.object({
  /** The user: remembered until no backup can bring them back, then removed. */
  _id: text,
  state: z.enum(['running', 'done']),
  /** Names of the contributors that have erased. */
  doneBy: z.array(text),
  requestedBy: text,
  startedAtMs: z.int(),
  endedAtMs: z.int().nullable(),
  expiresAtMs: z.int(),
})
export type Erasure = z.output<typeof erasureSchema>

export const erasures: Collection<Erasure> = collection('erasures', erasureSchema)

/** Longer than the longest that a backup is kept. */
export const REMEMBERED_MS = 100 * 86_400_000
