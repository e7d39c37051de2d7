import * as z from 'zod'
import { type Context, callOutside } from '../../_kernel/index.ts'
import { applyVerdicts } from './apply-verdicts.ts'
import { type Review, TRIES_MAX } from './model.ts'
import { reviews, settle } from './store.ts'

/** Where pictures stand, in WeChat's words (security.mediaCheckAsync, `scene`): a forum. */
const SCENE_FORUM = 3
const MEDIA_PICTURE = 2

const answerSchema = z.object({ traceId: z.string().min(1) })

/**
 * Asks WeChat about the pictures that still wait to be asked about. Never throws: what could not be asked now is asked
 * by the sweeper. A picture may be asked about twice when a call dies in between; the first answer is then nobody's.
 */
export async function askImages(ctx: Context, subjectId: string): Promise<void> {
  try {
    const review = await ctx.db.find(reviews, subjectId)
    if (!review?.images.some(({ state }) => state === 'waiting')) return
    const traces = await askAll(ctx, review)
    await record(ctx, review, traces)
    // An answer may have overtaken us: it found no review, and left itself behind.
    await applyVerdicts(ctx, [...traces.values()])
  } catch (cause) {
    ctx.log.warn({ cause, subjectId }, 'pictures left to the sweeper')
  }
}

/** Trace ids by file. */
async function askAll(ctx: Context, review: Review): Promise<Map<string, string>> {
  const check = ctx.cloud.openapi.security?.mediaCheckAsync
  if (!check) throw new Error('wx-server-sdk without openapi.security.mediaCheckAsync')
  const waiting = review.images.filter(({ state }) => state === 'waiting').map(({ fileId }) => fileId)
  const traces = new Map<string, string>()
  await Promise.all(
    (await addressesOf(ctx, waiting)).map(async ({ fileID, tempFileURL }) => {
      if (tempFileURL === '') return
      const request = {
        mediaUrl: tempFileURL,
        mediaType: MEDIA_PICTURE,
        version: 2,
        scene: SCENE_FORUM,
        openid: review.authorId,
      }
      try {
        const answer = await callOutside('wechat.mediaCheckAsync', () => check(request))
        traces.set(fileID, answerSchema.parse(answer).traceId)
      } catch (cause) {
        ctx.log.warn({ cause, subjectId: review._id }, 'picture not asked about')
      }
    }),
  )
  return traces
}

async function addressesOf(
  ctx: Context,
  fileList: string[],
): Promise<{ fileID: string; tempFileURL: string }[]> {
  try {
    const call = () => ctx.cloud.getTempFileURL({ fileList })
    return (await callOutside('storage.getTempFileURL', call)).fileList
  } catch (cause) {
    ctx.log.warn({ cause }, 'pictures have no addresses')
    return []
  }
}

async function record(ctx: Context, asked: Review, traces: ReadonlyMap<string, string>): Promise<void> {
  const nowMs = ctx.clock.nowMs()
  await ctx.transaction(async (tx) => {
    const review = await tx.get(reviews, asked._id)
    const images = review.images.map((image) => {
      const traceId = traces.get(image.fileId)
      if (image.state !== 'waiting' || traceId === undefined) return image
      return { ...image, state: 'asked' as const, traceId, askedAtMs: nowMs }
    })
    const isAllAsked = images.every(({ state }) => state !== 'waiting')
    const tries = isAllAsked ? 0 : review.tries + 1
    await settle(tx, {
      ...review,
      // What cannot be asked about, such as a file that is gone, is for a person to look at.
      images: tries < TRIES_MAX ? images : images.map(givenUp),
      traceIds: images.flatMap(({ traceId }) => (traceId === null ? [] : [traceId])),
      tries,
    })
  })
}

function givenUp(image: Review['images'][number]): Review['images'][number] {
  return image.state === 'waiting' ? { ...image, state: 'failed' } : image
}
