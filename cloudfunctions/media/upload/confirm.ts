import { createHash } from 'node:crypto'
import * as z from 'zod'
import { type Context, command, defineRoute, idInput, refuse } from '../../_kernel/index.ts'
import { askForCheck } from '../check/ask.ts'
import { KEEP_UNUSED_MS, type Media, storedPath, UPLOAD_WITHIN_MS, viewOf } from '../model.ts'
import { policyOf } from '../policies.ts'
import { deletePaths, download, upload } from '../storage.ts'
import { getOwnMedia, mediaFiles } from '../store.ts'
import { extensionOf, type FileType, findFileType } from './file-type.ts'

/**
 * media/confirm: the client has uploaded. The content is looked at, and copied to where clients cannot write: what was
 * looked at can then not be exchanged for something else. A repeat finds the file stored, or goes on where it stopped.
 */
export const confirm = defineRoute({
  summary: 'Say that a granted file is uploaded, and get its id',
  input: z.strictObject({ mediaId: idInput }),
  access: 'user',
  rateLimit: { limit: 120, perMs: 60_000 },

  async handle({ mediaId }, ctx) {
    const media = await getOwnMedia(ctx, mediaId)
    if (media.state !== 'granted') return viewOf(media)
    if (ctx.clock.nowMs() > media.createdAtMs + UPLOAD_WITHIN_MS) refuse('MEDIA_STATE', { expired: true })
    const content = await download(ctx, media.incomingPath)
    const type = typeWithin(media, content)
    const stored = await store(ctx, media, content, type)
    await tidyUp(ctx, media)
    if (stored.state === 'pending' && stored.traceId === null) await askForCheck(ctx, stored)
    return viewOf(stored)
  },
})

function typeWithin(media: Media, content: Buffer): FileType {
  const { types, maxBytes } = policyOf(media.policy)
  if (content.length > maxBytes) refuse('MEDIA_TOO_LARGE', { bytes: content.length, maxBytes })
  const type = findFileType(content)
  if (type === undefined || !types.includes(type)) return refuse('MEDIA_TYPE', { allowed: types })
  return type
}

/** The path is written down before anything lies there, so that a crash leaves nothing that the cleaner cannot find. */
async function store(ctx: Context, media: Media, content: Buffer, type: FileType): Promise<Media> {
  const { _id } = media
  const sha256 = createHash('sha256').update(content).digest('hex')
  const path = storedPath(media, sha256, extensionOf(type))
  await ctx.db.updateIf(mediaFiles, _id, { state: 'granted' }, { staged: command.addToSet(path) })
  const meant = await ctx.db.get(mediaFiles, _id)
  if (!meant.staged.includes(path)) return storedOrRefused(meant)
  const fileId = await upload(ctx, path, content)
  const nowMs = ctx.clock.nowMs()
  const isChecked = policyOf(media.policy).checkScene !== undefined
  await ctx.db.updateIf(
    mediaFiles,
    _id,
    { state: 'granted' },
    {
      state: isChecked ? 'pending' : 'clean',
      path,
      fileId,
      type,
      bytes: content.length,
      sha256,
      staged: command.pull(path),
      checkAtMs: isChecked ? nowMs : null,
      sweepAtMs: nowMs + KEEP_UNUSED_MS,
    },
  )
  // Another try may have been faster, perhaps with other content, or the cleaner: then this copy is nobody's.
  const latest = await ctx.db.find(mediaFiles, _id)
  if (latest?.path !== path) await deletePaths(ctx, [path])
  return storedOrRefused(latest)
}

function storedOrRefused(media: Media | undefined): Media {
  if (!media || media.fileId === '') return refuse('MEDIA_STATE', { state: media?.state ?? 'removing' })
  return media
}

/** Whatever stays behind is found by the cleaner. */
async function tidyUp(ctx: Context, media: Media): Promise<void> {
  try {
    await deletePaths(ctx, [media.incomingPath])
  } catch (cause) {
    ctx.log.warn({ cause, mediaId: media._id }, 'the uploaded copy is left to the cleaner')
  }
}
