import * as z from 'zod'
import type { Context } from '../../_kernel/index.ts'
import { applyVerdicts, imageVerdicts } from './apply-verdicts.ts'

const message = z.object({
  trace_id: z.string().min(1).max(128),
  errcode: z.number().default(0),
  result: z.object({ suggest: z.enum(['pass', 'review', 'risky']), label: z.number() }).optional(),
})

/** What WeChat takes for "got it"; anything else comes again. */
const GOT_IT = 'success'
const KEEP_MS = 7 * 24 * 3_600_000

/**
 * The verdict on a picture, pushed by WeChat within half an hour (`wxa_media_check`). It may come twice, or before its
 * trace id was noted. Nobody can make one up: trace ids never leave the server.
 */
export const onMediaCheck = {
  name: 'media-check',
  matches: (event: Record<string, unknown>) => event.MsgType === 'event' && event.Event === 'wxa_media_check',
  async handle(event: Record<string, unknown>, ctx: Context): Promise<string> {
    const parsed = message.safeParse(event)
    // WeChat's own message is never sent by a mini program.
    if (ctx.caller.kind === 'user' || !parsed.success) {
      ctx.log.warn({ caller: ctx.caller.kind }, 'media check not believed')
      return GOT_IT
    }
    await takeMediaCheck(ctx, parsed.data)
    return GOT_IT
  },
}

/** The verdict itself, for whichever function WeChat pushes it to. */
export async function takeMediaCheck(ctx: Context, { trace_id, errcode, result }: z.output<typeof message>) {
  const nowMs = ctx.clock.nowMs()
  await ctx.db.insertIfAbsent(imageVerdicts, {
    _id: trace_id,
    verdict: errcode === 0 && result ? result.suggest : 'failed',
    label: result?.label ?? null,
    atMs: nowMs,
    expiresAtMs: nowMs + KEEP_MS,
  })
  await applyVerdicts(ctx, [trace_id])
}
