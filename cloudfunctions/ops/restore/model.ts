/** What a restore is, and the only ways in which it goes on. No I/O. */
import * as z from 'zod'
import { type Collection, collection, refuse, text } from '../../_kernel/index.ts'
import { backupFile } from '../backup/model.ts'

const restoreState = z.enum([
  'loading',
  'loaded',
  'closing',
  'saving',
  'switching',
  'erasing',
  'switched',
  'cancelled',
])

const restoreSchema = z.object({
  _id: text,
  backupId: text,
  /** When what the backup holds was so. */
  pointAtMs: z.int(),
  state: restoreState,
  collections: z.array(text),
  /** Of those collections, in the order of the manifest. */
  files: z.array(backupFile),
  /** How many of `files` the present step has done. */
  done: z.int(),
  requestHash: text,
  startedBy: text,
  startedAtMs: z.int(),
  /** Since when nobody else may write. */
  closedAtMs: z.int().nullable(),
  /** What the switch is going to replace, as it was at that moment: the way back. */
  savedAs: z.string().nullable(),
  endedAtMs: z.int().nullable(),
  version: z.int(),
})
export type Restore = z.output<typeof restoreSchema>

export const restores: Collection<Restore> = collection('restores', restoreSchema)

/**
 * `loading` copies the files into `<name>_bak` for people to look at; the switch then shuts everybody out, waits until
 * those who were in are done, saves what is there, and copies the files into place.
 */
export const transitions = [
  ['loading', 'load', 'loading'],
  ['loading', 'loaded', 'loaded'],
  ['loading', 'cancel', 'cancelled'],
  ['loaded', 'cancel', 'cancelled'],
  ['loaded', 'close', 'closing'],
  ['closing', 'cancel', 'cancelled'],
  ['closing', 'settled', 'saving'],
  // Until the first file is copied nothing has changed.
  ['saving', 'cancel', 'cancelled'],
  ['saving', 'saved', 'switching'],
  ['switching', 'copy', 'switching'],
  ['switching', 'copied', 'erasing'],
  ['erasing', 'erased', 'switched'],
] as const satisfies readonly (readonly [Restore['state'], string, Restore['state']])[]

export type RestoreAction = (typeof transitions)[number][1]

/** The restore after `action`; refuses RESTORE_STATE when the table has no such row. The only place that sets `state`. */
export function transition(
  restore: Restore,
  action: RestoreAction,
  change: Partial<Omit<Restore, '_id' | 'state' | 'version'>> = {},
): Restore {
  const row = transitions.find(([from, name]) => from === restore.state && name === action)
  if (!row) return refuse('RESTORE_STATE', { restoreId: restore._id, state: restore.state, action })
  return { ...restore, ...change, state: row[2], version: restore.version + 1 }
}

/** Loaded to look at, never switched: an old log must not replace what shows who did this, nor an old list lift a ban. */
export const NEVER_SWITCHED: readonly string[] = ['audit_entries', 'audit_heads', 'ban_lists']

export function bakOf(name: string): string {
  return `${name}_bak`
}

export function toView({ _id, files, done, requestHash: _, version: __, ...rest }: Restore) {
  return { restoreId: _id, ...rest, files: files.length, filesDone: done }
}
