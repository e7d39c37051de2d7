import * as z from 'zod'
import type { Context } from '../../_kernel/index.ts'
import { mediaChecked } from '../events.ts'
import { KEEP_REJECTED_MS, type MediaState } from '../model.ts'
import { mediaFiles } from '../store.ts'

const message = z.object({
  trace_id: z.string().min(1).max(128),
  errcode: z.number().default(0),
  result: z.object({ suggest: z.enum(['pass', 'review', 'risky']) }).optional(),
})

/** What WeChat takes for "got it"; after anything else it sends the message again. */
const GOT_IT = 'success'

const verdictState: Record<string, MediaState> = { pass: 'clean', review: 'review', risky: 'rejected' }

/**
 * WeChat's verdict on a picture (`wxa_media_check`). Nobody can make one up: the trace id is known to WeChat and to us
 * alone, and what a mini program sends is not believed at all. It may come twice: the second finds the file judged.
 * WeChat sends these to one function only, so verdicts on pictures of others are announced (`media.checked`).
 */
export const onMediaCheck = {
  name: 'media-check',
  matches: (event: Record<string, unknown>) => event.MsgType === 'event' && event.Event === 'wxa_media_check',
  async handle(event: Record<string, unknown>, ctx: Context): Promise<string> {
    const parsed = message.safeParse(event)
    if (ctx.caller.kind === 'user' || !parsed.success) {
      ctx.log.warn({ caller: ctx.caller.kind }, 'a verdict that is not from WeChat')
      return GOT_IT
    }
    await takeVerdict(ctx, parsed.data)
    return GOT_IT
  },
}

async function takeVerdict(ctx: Context, { trace_id: traceId, errcode, result }: z.output<typeof message>) {
  const suggest = errcode === 0 ? result?.suggest : undefined
  const [media] = await ctx.db.query(mediaFiles, { where: { traceId }, limit: 1 })
  if (!media) {
    await ctx.transaction((tx) => tx.emit(mediaChecked, { traceId, suggest: suggest ?? null }))
    return
  }
  const nowMs = ctx.clock.nowMs()
  const state = suggest && verdictState[suggest]
  await ctx.db.updateIf(
    mediaFiles,
    media._id,
    // A verdict that WeChat has been asked for anew since, or that a person has taken over, counts no more.
    { state: 'pending', traceId },
    state === undefined
      ? { checkAtMs: nowMs }
      : {
          state,
          checkAtMs: null,
          ...(state === 'rejected' ? { sweepAtMs: nowMs + KEEP_REJECTED_MS } : {}),
        },
  )
}
