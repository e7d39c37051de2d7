import * as z from 'zod'
import { command, defineRoute, idInput, refuse } from '../../_kernel/index.ts'
import { KEEP_REJECTED_MS, KEEP_UNUSED_MS, transitions } from '../model.ts'
import { mediaFiles } from '../store.ts'

/** media/judge: a moderator decides, also against WeChat or an earlier decision. The same again changes nothing. */
export const judge = defineRoute({
  summary: 'Let a file pass, or reject it',
  input: z.strictObject({ mediaId: idInput, verdict: z.enum(transitions.judge.to) }),
  access: 'media:review',
  audit: { action: 'media.judge', subject: ({ mediaId }) => mediaId },

  async handle({ mediaId, verdict }, ctx) {
    const keepMs = verdict === 'rejected' ? KEEP_REJECTED_MS : KEEP_UNUSED_MS
    const isJudged = await ctx.db.updateIf(
      mediaFiles,
      mediaId,
      { state: command.in(transitions.judge.from) },
      { state: verdict, checkAtMs: null, sweepAtMs: ctx.clock.nowMs() + keepMs },
    )
    if (!isJudged) {
      const { state } = await ctx.db.get(mediaFiles, mediaId)
      if (state !== verdict) refuse('MEDIA_STATE', { state })
    }
    return { mediaId, state: verdict }
  },
})
