import * as z from 'zod'
import { defineRoute } from '../../_kernel/index.ts'
import { isShown } from '../model.ts'
import { policyOf } from '../policies.ts'
import { addressesOf } from '../storage.ts'
import { findByFileIds } from '../store.ts'

/** What the platform links in one request. */
const MOST_FILES = 50

/**
 * media/urls: addresses of files, in one database and one storage request. A file that was not judged yet, was rejected
 * or is private has an address for its owner only; whoever shares private files has a route of their own (`mediaUrls`).
 */
export const urls = defineRoute({
  summary: 'Addresses of up to 50 files',
  input: z.strictObject({ fileIds: z.array(z.string().max(500)).min(1).max(MOST_FILES) }),
  access: 'user',
  rateLimit: { limit: 120, perMs: 60_000 },

  async handle({ fileIds }, ctx) {
    const { userId } = ctx
    const known = await findByFileIds(ctx, fileIds)
    const mayModerate = await ctx.can('media:review')
    const open = [...known.values()].filter((media) => {
      const isOwn = media._openid === userId
      const isOpen = policyOf(media.policy).isPublic && isShown(media)
      return media.state !== 'removing' && (isOwn || isOpen || mayModerate)
    })
    const addresses = await addressesOf(
      ctx,
      open.map(({ fileId }) => fileId),
    )
    const states = new Map(open.map(({ fileId, state }) => [fileId, state]))
    return {
      files: fileIds.map((fileId) => ({
        fileId,
        url: addresses.get(fileId) ?? null,
        state: states.get(fileId) ?? null,
      })),
    }
  },
})
