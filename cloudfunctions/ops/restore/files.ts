import { type Collection, type Context, command, refuse } from '../../_kernel/index.ts'
import type { BackupFile } from '../backup/model.ts'
import { type AnyRow, fingerprint, fromLines } from '../rows.ts'

/** Of one insert: below what the platform takes in a request. */
const INSERT_BYTES = 900_000

/** The rows of a file, if it still is what the manifest says; refuses BACKUP_DAMAGED. */
export async function readFile(ctx: Context, file: BackupFile): Promise<AnyRow[]> {
  const { fileContent } = await ctx.cloud
    .downloadFile({ fileID: file.fileId })
    .catch((cause: unknown) => refuse('BACKUP_DAMAGED', { fileId: file.fileId, why: 'missing' }, cause))
  const content = Buffer.from(fileContent)
  if (fingerprint(content).sha256 !== file.sha256) {
    refuse('BACKUP_DAMAGED', { fileId: file.fileId, why: 'checksum' })
  }
  const rows = fromLines(content.toString('utf8'))
  if (rows.length !== file.rows) refuse('BACKUP_DAMAGED', { fileId: file.fileId, why: 'rows' })
  return rows
}

/**
 * Makes a stretch of a collection hold exactly `rows`, which are in order of `_id`: what lies after `afterId` and up to
 * the last of them goes, and everything beyond as well when they are the collection's last. Doing it again does the same,
 * so a crash in between is repaired by a repeat.
 */
export async function replaceStretch(
  ctx: Context,
  target: Collection<AnyRow>,
  afterId: string,
  rows: readonly AnyRow[],
  isLast: boolean,
): Promise<void> {
  const lastId = rows.at(-1)?._id
  const beyond = command.gt(afterId)
  const stretch = isLast || lastId === undefined ? beyond : beyond.and(command.lte(lastId))
  // Repeated, in case the platform removes only so many at once.
  while ((await ctx.db.removeMany(target, { _id: stretch })) > 0);
  for (const some of inChunks(rows)) await ctx.db.insertMany(target, some)
}

function inChunks(rows: readonly AnyRow[]): AnyRow[][] {
  const chunks: AnyRow[][] = []
  let bytes = Number.POSITIVE_INFINITY
  for (const row of rows) {
    const size = Buffer.byteLength(JSON.stringify(row))
    if (bytes + size > INSERT_BYTES) {
      chunks.push([])
      bytes = 0
    }
    chunks.at(-1)?.push(row)
    bytes += size
  }
  return chunks
}
