import * as z from 'zod'
import { type Context, callOutside, command } from '../../_kernel/index.ts'
import type { Media } from '../model.ts'
import { policyOf } from '../policies.ts'
import { addressesOf } from '../storage.ts'
import { mediaFiles } from '../store.ts'

/** WeChat promises a verdict within thirty minutes. */
const VERDICT_WITHIN_MS = 35 * 60_000
const RETRY_AFTER_MS = 60_000
/** After so many questions without a verdict a person decides. */
const MOST_CHECKS = 3
const MEDIA_PICTURE = 2

const answer = z.object({ traceId: z.string().min(1) })

/** Asks WeChat to look at a picture. Fails never: what could not be asked is asked again, and then put to a person. */
export async function askForCheck(ctx: Context, media: Media): Promise<void> {
  const { _id, checks } = media
  const nowMs = ctx.clock.nowMs()
  if (checks >= MOST_CHECKS) {
    await ctx.db.updateIf(mediaFiles, _id, { state: 'pending', checks }, { state: 'review', checkAtMs: null })
    return
  }
  // Counted before it is asked: who else comes by in the meantime leaves it alone.
  const isOurs = await ctx.db.updateIf(
    mediaFiles,
    _id,
    { state: 'pending', checks },
    { checks: command.inc(1), checkAtMs: nowMs + RETRY_AFTER_MS },
  )
  if (!isOurs) return
  try {
    const traceId = await ask(ctx, media)
    await ctx.db.updateIf(
      mediaFiles,
      _id,
      { state: 'pending' },
      { traceId, checkAtMs: nowMs + VERDICT_WITHIN_MS },
    )
  } catch (cause) {
    ctx.log.warn({ cause, mediaId: _id }, 'the check is asked for again')
  }
}

async function ask(ctx: Context, { fileId, _openid, policy }: Media): Promise<string> {
  const mediaUrl = (await addressesOf(ctx, [fileId])).get(fileId)
  const request = {
    mediaUrl,
    mediaType: MEDIA_PICTURE,
    version: 2,
    scene: policyOf(policy).checkScene,
    openid: _openid,
  }
  const check = ctx.cloud.openapi.security?.mediaCheckAsync
  if (!check) throw new Error('wx-server-sdk without openapi.security.mediaCheckAsync')
  return answer.parse(await callOutside('wechat.mediaCheckAsync', () => check(request))).traceId
}

/** Asks about pictures that could not be asked about, or whose verdict did not come. @returns how many. */
export async function retryChecks(ctx: Context, limit: number): Promise<number> {
  const due = await ctx.db.query(mediaFiles, {
    where: { checkAtMs: command.lte(ctx.clock.nowMs()) },
    orderBy: [['checkAtMs', 'asc']],
    limit,
  })
  for (const media of due) await askForCheck(ctx, media)
  return due.length
}
