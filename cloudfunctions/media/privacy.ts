/** What is kept about a person here, given out on their request. It is taken away when their account is deleted. */
import type { Context } from '../_kernel/index.ts'
import { viewOf } from './model.ts'
import { mediaFiles } from './store.ts'

const MOST = 1_000

/** The latest of their files. One database request. */
export async function exportUser(ctx: Context, userId: string): Promise<Record<string, unknown>> {
  const mine = {
    where: { _openid: userId },
    orderBy: [['createdAtMs', 'desc']] as [string, 'desc'][],
    limit: MOST,
  }
  // As their owner sees them: the number of a check by WeChat is what its verdict is believed for.
  return { media_files: (await ctx.db.query(mediaFiles, mine)).map(viewOf) }
}
