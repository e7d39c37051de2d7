import { type Context, command } from '../../_kernel/index.ts'
import { type Media, transitions } from '../model.ts'
import { deletePaths } from '../storage.ts'
import { mediaFiles } from '../store.ts'

/**
 * Deletes a file and its document, unless somebody uses it. One conditional write closes it to new users first; where it
 * stops after that, the cleaner goes on.
 *
 * @param evenUsed for what was rejected: whoever uses it shows a gap.
 */
export async function discard(ctx: Context, media: Media, evenUsed = false): Promise<boolean> {
  const isClosed =
    media.state === 'removing' ||
    (await ctx.db.updateIf(
      mediaFiles,
      media._id,
      {
        state: command.in(transitions.remove.from),
        ...(evenUsed ? { state: 'rejected' as const } : { 'refs.0': undefined }),
      },
      { state: 'removing', checkAtMs: null, sweepAtMs: ctx.clock.nowMs() },
    ))
  if (!isClosed) return false
  // Read again: another try may have stored it in the meantime.
  const latest = await ctx.db.find(mediaFiles, media._id)
  if (!latest) return true
  const { incomingPath, staged, path } = latest
  await deletePaths(ctx, [incomingPath, ...staged, ...(path === '' ? [] : [path])])
  await ctx.db.remove(mediaFiles, media._id)
  return true
}
