import * as z from 'zod'
import { type Context, collection, command, text } from '../../_kernel/index.ts'
import type { Review } from './model.ts'
import { reviews, settle } from './store.ts'

/** What WeChat said of a picture; `_id` is the trace id. Kept apart, because it may come before we have noted the id. */
export const imageVerdicts = collection(
  'image_verdicts',
  z.object({
    _id: text,
    verdict: z.enum(['pass', 'review', 'risky', 'failed']),
    atMs: z.int(),
    expiresAtMs: z.int(),
  }),
)

/** Gives the reviews of these traces the verdicts that have come. A repeat changes nothing. */
export async function applyVerdicts(ctx: Context, traceIds: readonly string[]): Promise<void> {
  if (traceIds.length === 0) return
  const verdicts = await ctx.db.findMany(imageVerdicts, traceIds)
  if (verdicts.length === 0) return
  const verdictOf = new Map(verdicts.map(({ _id, verdict }) => [_id, verdict]))
  const waiting = await ctx.db.query(reviews, { where: { traceIds: command.in([...verdictOf.keys()]) } })
  for (const { _id } of waiting) {
    await ctx.transaction(async (tx) => {
      const review = await tx.get(reviews, _id)
      const images = review.images.map((image) => withVerdict(image, verdictOf))
      if (images.every((image, at) => image === review.images[at])) return
      await settle(tx, { ...review, images })
    })
  }
}

type Image = Review['images'][number]

function withVerdict(image: Image, verdictOf: ReadonlyMap<string, Image['state']>): Image {
  const verdict = image.traceId === null ? undefined : verdictOf.get(image.traceId)
  // A late answer still counts for a picture that was given up.
  const isOpen = image.state === 'asked' || image.state === 'failed'
  return isOpen && verdict !== undefined && verdict !== image.state ? { ...image, state: verdict } : image
}

/** Removes a batch of verdicts whose posts are long settled. */
export async function cleanImageVerdicts(ctx: Context, limit: number): Promise<number> {
  const old = await ctx.db.query(imageVerdicts, {
    where: { expiresAtMs: command.lte(ctx.clock.nowMs()) },
    orderBy: [['expiresAtMs', 'asc']],
    limit,
  })
  if (old.length === 0) return 0
  return ctx.db.removeMany(imageVerdicts, { _id: command.in(old.map(({ _id }) => _id)) })
}
