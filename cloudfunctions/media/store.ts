/** The collections of `media`, and what several routes do with them. */
import * as z from 'zod'
import { type Collection, type Context, collection, refuse, text } from '../_kernel/index.ts'
import { findMediaId, type Media, mediaSchema } from './model.ts'

export const mediaFiles: Collection<Media> = collection('media_files', mediaSchema)

/** How many files a user was granted on a day, for one policy. */
export const quotas = collection('media_quotas', z.object({ _id: text, used: z.int(), expiresAtMs: z.int() }))

/** A stranger's file is as good as none: NOT_FOUND, so that ids cannot be probed. */
export async function getOwnMedia(ctx: Context, mediaId: string): Promise<Media> {
  const media = await ctx.db.find(mediaFiles, mediaId)
  if (!media || media._openid !== ctx.userId) return refuse('NOT_FOUND', { mediaId })
  return media
}

/** By file id; one database request. Ids that did not come from here are left out. */
export async function findByFileIds(ctx: Context, fileIds: readonly string[]): Promise<Map<string, Media>> {
  const ids = fileIds.flatMap((fileId) => findMediaId(fileId) ?? [])
  const found = await ctx.db.findMany(mediaFiles, [...new Set(ids)])
  const wanted = new Set(fileIds)
  return new Map(found.filter(({ fileId }) => wanted.has(fileId)).map((media) => [media.fileId, media]))
}
