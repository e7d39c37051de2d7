/**
 * Copies collections to cloud storage as JSON Lines, a part at a time: a run that is out of time, or dies, is continued
 * by the next from the last part that was stored. The `backups` document is the manifest.
 */
import { createHash } from 'node:crypto'
import * as z from 'zod'
import { type Context, collection, command } from '../_kernel/index.ts'
import { chinaDay, DAY_MS, type Job } from './model.ts'

/** What cannot be made again: all but leases, cache versions, kept replies and the scheduler's own records. */
export const BACKED_UP = [
  'users',
  'addresses',
  'departments',
  'department_members',
  'roles',
  'grants',
  'ban_lists',
  'categories',
  'products',
  'product_sales',
  'stocks',
  'stock_movements',
  'hot_stocks',
  'flash_sales',
  'carts',
  'orders',
  'payments',
  'refunds',
  'reconciliations',
  'message_templates',
  'message_quotas',
  'message_jobs',
  'inbox_messages',
  'audit_entries',
  'audit_heads',
  'outbox',
] as const

const PART_ROWS = 500
const KEEP_MS = 14 * DAY_MS
const OLD_AT_ONCE = 5

export const backups = collection(
  'backups',
  z.object({
    /** The day of China. */
    _id: z.string(),
    state: z.enum(['running', 'complete']),
    startedAtMs: z.int(),
    finishedAtMs: z.int().nullable(),
    /** Where to go on: a collection by number, and its last row that is stored. */
    position: z.object({ collection: z.int(), afterId: z.string() }),
    files: z.array(
      z.object({
        collection: z.string(),
        fileId: z.string(),
        rows: z.int(),
        bytes: z.int(),
        sha256: z.string(),
      }),
    ),
    manifestFileId: z.string().nullable(),
  }),
)
export type Backup = ReturnType<typeof backups.parse>

export const backUp: Job['run'] = async (ctx, isTimeUp) => {
  let backup = await currentBackup(ctx)
  let rows = 0
  while (backup.position.collection < BACKED_UP.length) {
    if (isTimeUp()) return { counts: { rows, removed: 0 }, again: true }
    const next = await storePart(ctx, backup)
    rows += next.rows
    backup = next.backup
  }
  if (backup.state === 'running') await storeManifest(ctx, backup)
  return { counts: { rows, removed: await removeOld(ctx) } }
}

/** The one that was not finished, or today's. */
async function currentBackup(ctx: Context): Promise<Backup> {
  const [unfinished] = await ctx.db.query(backups, { where: { state: 'running' }, limit: 1 })
  if (unfinished) return unfinished
  const nowMs = ctx.clock.nowMs()
  const fresh: Backup = {
    _id: chinaDay(nowMs),
    state: 'running',
    startedAtMs: nowMs,
    finishedAtMs: null,
    position: { collection: 0, afterId: '' },
    files: [],
    manifestFileId: null,
  }
  return (await ctx.db.insertIfAbsent(backups, fresh)) ? fresh : ctx.db.get(backups, fresh._id)
}

async function storePart(ctx: Context, backup: Backup): Promise<{ backup: Backup; rows: number }> {
  const { collection: number, afterId } = backup.position
  const name = BACKED_UP[number] ?? ''
  const rows = await ctx.db.query(anyRows(name), {
    where: { _id: command.gt(afterId) },
    orderBy: [['_id', 'asc']],
    limit: PART_ROWS,
  })
  const files = [...backup.files]
  if (rows.length > 0) {
    const text = rows.map((row) => `${JSON.stringify(row)}\n`).join('')
    // Named by its number: a repeat after a crash writes the same file again.
    const part = files.filter((file) => file.collection === name).length + 1
    const fileId = await upload(
      ctx,
      `backups/${backup._id}/${name}-${String(part).padStart(4, '0')}.jsonl`,
      text,
    )
    files.push({ collection: name, fileId, rows: rows.length, ...fingerprint(text) })
  }
  const last = rows.at(-1)
  const isWhole = rows.length < PART_ROWS || last === undefined
  const position = isWhole
    ? { collection: number + 1, afterId: '' }
    : { collection: number, afterId: last._id }
  const next: Backup = { ...backup, files, position }
  await ctx.db.update(backups, backup._id, { files, position })
  return { backup: next, rows: rows.length }
}

async function storeManifest(ctx: Context, backup: Backup): Promise<void> {
  const { _id: day, startedAtMs, files } = backup
  const finishedAtMs = ctx.clock.nowMs()
  const text = JSON.stringify({ day, startedAtMs, finishedAtMs, files }, null, 2)
  const manifestFileId = await upload(ctx, `backups/${day}/manifest.json`, text)
  await ctx.db.update(backups, day, { state: 'complete', finishedAtMs, manifestFileId })
}

/** The files first: a crash in between leaves a manifest that is removed next time. */
async function removeOld(ctx: Context): Promise<number> {
  const old = await ctx.db.query(backups, {
    where: { startedAtMs: command.lte(ctx.clock.nowMs() - KEEP_MS) },
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

async function upload(ctx: Context, cloudPath: string, text: string): Promise<string> {
  const { fileID } = await ctx.cloud.uploadFile({ cloudPath, fileContent: Buffer.from(text) })
  return fileID
}

function fingerprint(text: string): { bytes: number; sha256: string } {
  return { bytes: Buffer.byteLength(text), sha256: createHash('sha256').update(text).digest('hex') }
}

/** Rows as they are, whatever their shape. */
function anyRows(name: string) {
  return collection(name, z.looseObject({ _id: z.string() }))
}
