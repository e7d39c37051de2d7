import { type Context, defineConsumer } from '../../_kernel/index.ts'
import { mediaChecked } from '../../media/public.ts'
import { applyVerdicts, imageVerdicts } from './apply-verdicts.ts'

const KEEP_MS = 7 * 24 * 3_600_000

/**
 * WeChat's verdict on a picture, within half an hour. WeChat tells one function only (`wxa_media_check` goes to `media`),
 * which announces what is not its own. It may come twice, or before its trace id was noted: then it waits.
 */
export const takeVerdict = defineConsumer(
  'community.take-verdict',
  mediaChecked,
  async ({ payload: { traceId, suggest } }, ctx: Context) => {
    const nowMs = ctx.clock.nowMs()
    await ctx.db.insertIfAbsent(imageVerdicts, {
      _id: traceId,
      verdict: suggest ?? 'failed',
      atMs: nowMs,
      expiresAtMs: nowMs + KEEP_MS,
    })
    await applyVerdicts(ctx, [traceId])
  },
)
