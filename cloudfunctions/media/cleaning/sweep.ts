import { type Context, command } from '../../_kernel/index.ts'
import type { Media } from '../model.ts'
import { deletePaths } from '../storage.ts'
import { mediaFiles, quotas } from '../store.ts'
import { discard } from './discard.ts'

/** Removes uploads that were never confirmed, files that nobody uses, rejected ones after their time. @returns how many. */
export async function sweepMedia(ctx: Context, limit: number): Promise<number> {
  const due = await ctx.db.query(mediaFiles, {
    where: { sweepAtMs: command.lte(ctx.clock.nowMs()) },
    orderBy: [['sweepAtMs', 'asc']],
    limit,
  })
  let done = 0
  for (const media of due) {
    try {
      if (!(await discard(ctx, media, media.state === 'rejected'))) await keep(ctx, media)
      done += 1
    } catch (cause) {
      // One file that the storage cannot delete now does not keep the others waiting.
      ctx.log.warn({ cause, mediaId: media._id }, 'left to the next sweep')
    }
  }
  return done + (await removeOldQuotas(ctx, limit))
}

/** In use: what its upload left behind goes, and the cleaner need not look again. */
async function keep(ctx: Context, { _id, incomingPath, staged, sweepAtMs }: Media): Promise<void> {
  await deletePaths(ctx, [incomingPath, ...staged])
  await ctx.db.updateIf(mediaFiles, _id, { sweepAtMs }, { staged: [], sweepAtMs: null })
}

async function removeOldQuotas(ctx: Context, limit: number): Promise<number> {
  const old = await ctx.db.query(quotas, {
    where: { expiresAtMs: command.lte(ctx.clock.nowMs()) },
    orderBy: [['expiresAtMs', 'asc']],
    limit,
  })
  if (old.length === 0) return 0
  return ctx.db.removeMany(quotas, { _id: command.in(old.map(({ _id }) => _id)) })
}
