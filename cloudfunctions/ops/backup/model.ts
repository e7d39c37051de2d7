/** What a backup is. The `backups` document is its manifest, and a copy of it lies beside the files. No I/O. */
import * as z from 'zod'
import { type Collection, collection, text } from '../../_kernel/index.ts'

export const backupFile = z.object({
  collection: text,
  fileId: text,
  rows: z.int(),
  bytes: z.int(),
  sha256: text,
})
export type BackupFile = z.output<typeof backupFile>

const backupSchema = z.object({
  /** The day of China; with an ending when somebody asked for it. */
  _id: text,
  state: z.enum(['running', 'complete']),
  /**
   * `snapshot`: all of it is one moment, `pointAtMs`. `rolling`: too much for one transaction, so that each document is
   * whole, but they are of different moments. `closed`: rolling while nobody could write, so one moment again.
   */
  mode: z.enum(['snapshot', 'rolling', 'closed']).default('rolling'),
  collections: z.array(text).default([]),
  startedAtMs: z.int(),
  pointAtMs: z.int().default(0),
  finishedAtMs: z.int().nullable(),
  /** Of a rolling one, where to go on: a collection by number, and its last row that is stored. */
  position: z.object({ collection: z.int(), afterId: text }),
  files: z.array(backupFile),
  manifestFileId: z.string().nullable(),
})
export type Backup = z.output<typeof backupSchema>

export const backups: Collection<Backup> = collection('backups', backupSchema)

export const PART_ROWS = 500

/** What everybody may see of a backup: where it lies is for the console. */
export function toView({ _id, files, position: _, ...rest }: Backup) {
  return {
    backupId: _id,
    ...rest,
    rows: files.reduce((sum, file) => sum + file.rows, 0),
    bytes: files.reduce((sum, file) => sum + file.bytes, 0),
    files: files.length,
  }
}
