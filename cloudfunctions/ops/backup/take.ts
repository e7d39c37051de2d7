/**
 * Copies collections to cloud storage as JSON Lines. What fits into one transaction is read in one, so that the whole
 * backup is of one moment while everybody goes on writing; what does not is copied part by part, and a run that is out of
 * time, or dies, is continued by the next from the last part that was stored.
 */
import { type Context, command } from '../../_kernel/index.ts'
import { backupKeepDays } from '../definitions.ts'
import { chinaDay, DAY_MS } from '../metrics/china-day.ts'
import { anyRows, fingerprint, toLines } from '../rows.ts'
import { BACKED_UP } from './collections.ts'
import { type Backup, type BackupFile, backups, PART_ROWS } from './model.ts'

/** The platform ends a transaction after 30 s. */
const SNAPSHOT_MS = 20_000
/** What an instance of 256 MB can keep until it is stored. */
const SNAPSHOT_BYTES = 48_000_000
const UPLOADS_AT_ONCE = 4
const OLD_AT_ONCE = 5

export interface Wanted {
  id: string
  collections: readonly string[]
  /** Nobody writes while this runs: see `restore/`. */
  isClosed?: boolean
}

/** Today's, or the one that was not finished; then removes what has been kept long enough. */
export async function backUp(
  ctx: Context,
  isTimeUp: () => boolean,
): Promise<{ counts: { rows: number; removed: number }; again?: boolean }> {
  const unfinished = await ctx.db.query(backups, { where: { state: 'running' }, limit: 1 })
  const wanted = { id: chinaDay(ctx.clock.nowMs()), collections: BACKED_UP }
  const before = unfinished[0] ?? (await ctx.db.find(backups, wanted.id))
  const backup = before ? await goOn(ctx, before, isTimeUp) : await takeBackup(ctx, wanted, isTimeUp)
  const rows = sumOf(backup) - (before ? sumOf(before) : 0)
  if (backup.state === 'running') return { counts: { rows, removed: 0 }, again: true }
  return { counts: { rows, removed: await removeOld(ctx) } }
}

/** A new one. Still `running` when time was up: `goOn` finishes it. */
export async function takeBackup(ctx: Context, wanted: Wanted, isTimeUp: () => boolean): Promise<Backup> {
  const startedAtMs = ctx.clock.nowMs()
  const fresh: Backup = {
    _id: wanted.id,
    state: 'running',
    mode: wanted.isClosed ? 'closed' : 'rolling',
    collections: [...wanted.collections],
    startedAtMs,
    pointAtMs: startedAtMs,
    finishedAtMs: null,
    position: { collection: 0, afterId: '' },
    files: [],
    manifestFileId: null,
  }
  const parts = await readAtOnce(ctx, wanted.collections)
  if (parts) {
    const files = await storeAll(ctx, fresh._id, parts)
    return complete(ctx, { ...fresh, mode: 'snapshot', files })
  }
  const isFirst = await ctx.db.insertIfAbsent(backups, fresh)
  return goOn(ctx, isFirst ? fresh : await ctx.db.get(backups, fresh._id), isTimeUp)
}

/** The next parts of a rolling backup. One that is complete stays as it is. */
export async function goOn(ctx: Context, begun: Backup, isTimeUp: () => boolean): Promise<Backup> {
  let backup = begun
  if (backup.state === 'complete') return backup
  while (backup.position.collection < backup.collections.length) {
    if (isTimeUp()) return backup
    backup = await storeNext(ctx, backup)
  }
  return complete(ctx, backup)
}

interface Part {
  collection: string
  number: number
  rows: number
  content: Buffer
}

/** Everything as it is at this moment; undefined when that is too much for one transaction. */
async function readAtOnce(ctx: Context, names: readonly string[]): Promise<Part[] | undefined> {
  const endsAtMs = ctx.clock.nowMs() + SNAPSHOT_MS
  return ctx.snapshot(async (snapshot) => {
    const parts: Part[] = []
    let bytes = 0
    for (const name of names) {
      let afterId = ''
      for (let number = 1; ; number++) {
        const rows = await snapshot.after(anyRows(name), afterId, PART_ROWS)
        const last = rows.at(-1)
        if (last === undefined) break
        const content = Buffer.from(toLines(rows))
        parts.push({ collection: name, number, rows: rows.length, content })
        bytes += content.length
        afterId = last._id
        if (bytes > SNAPSHOT_BYTES || ctx.clock.nowMs() > endsAtMs) return undefined
        if (rows.length < PART_ROWS) break
      }
    }
    return parts
  })
}

async function storeAll(ctx: Context, id: string, parts: readonly Part[]): Promise<BackupFile[]> {
  const files: BackupFile[] = []
  for (let from = 0; from < parts.length; from += UPLOADS_AT_ONCE) {
    const some = parts.slice(from, from + UPLOADS_AT_ONCE)
    files.push(...(await Promise.all(some.map((part) => storePart(ctx, id, part)))))
  }
  return files
}

async function storeNext(ctx: Context, backup: Backup): Promise<Backup> {
  const { collection: at, afterId } = backup.position
  const name = backup.collections[at] ?? ''
  const rows = await ctx.db.query(anyRows(name), {
    where: { _id: command.gt(afterId) },
    orderBy: [['_id', 'asc']],
    limit: PART_ROWS,
  })
  const last = rows.at(-1)
  const files = [...backup.files]
  if (last !== undefined) {
    // Named by its number: a repeat after a crash writes the same file again.
    const number = files.filter((file) => file.collection === name).length + 1
    const content = Buffer.from(toLines(rows))
    files.push(await storePart(ctx, backup._id, { collection: name, number, rows: rows.length, content }))
  }
  const isWhole = last === undefined || rows.length < PART_ROWS
  const position = isWhole ? { collection: at + 1, afterId: '' } : { collection: at, afterId: last._id }
  await ctx.db.update(backups, backup._id, { files, position })
  return { ...backup, files, position }
}

async function storePart(ctx: Context, id: string, part: Part): Promise<BackupFile> {
  const { collection, number, rows, content } = part
  const path = `backups/${id}/${collection}-${String(number).padStart(4, '0')}.jsonl`
  const fileId = await upload(ctx, path, content)
  return { collection, fileId, rows, ...fingerprint(content) }
}

/** The manifest last: files without one are no backup. */
async function complete(ctx: Context, backup: Backup): Promise<Backup> {
  const finishedAtMs = ctx.clock.nowMs()
  const { _id: backupId, mode, collections, startedAtMs, pointAtMs, files } = backup
  const manifest = { backupId, mode, collections, startedAtMs, pointAtMs, finishedAtMs, files }
  const text = JSON.stringify(manifest, null, 2)
  const manifestFileId = await upload(ctx, `backups/${backupId}/manifest.json`, Buffer.from(text))
  const whole: Backup = { ...backup, state: 'complete', finishedAtMs, manifestFileId }
  if (await ctx.db.insertIfAbsent(backups, whole)) return whole
  await ctx.db.putIf(backups, whole, { state: 'running' })
  return whole
}

/** The files first: a crash in between leaves a manifest that is removed next time. */
async function removeOld(ctx: Context): Promise<number> {
  const keepMs = (await ctx.setting(backupKeepDays)) * DAY_MS
  const old = await ctx.db.query(backups, {
    where: { startedAtMs: command.lte(ctx.clock.nowMs() - keepMs) },
    orderBy: [['startedAtMs', 'asc']],
    limit: OLD_AT_ONCE,
  })
  for (const { _id, files, manifestFileId } of old) {
    const fileIds = files.map(({ fileId }) => fileId)
    if (manifestFileId !== null) fileIds.push(manifestFileId)
    // 50 files per call is what the platform takes.
    for (let from = 0; from < fileIds.length; from += 50) {
      await ctx.cloud.deleteFile({ fileList: fileIds.slice(from, from + 50) })
    }
    await ctx.db.remove(backups, _id)
  }
  return old.length
}

async function upload(ctx: Context, cloudPath: string, fileContent: Buffer): Promise<string> {
  const { fileID } = await ctx.cloud.uploadFile({ cloudPath, fileContent })
  return fileID
}

function sumOf({ files }: Backup): number {
  return files.reduce((sum, file) => sum + file.rows, 0)
}
