import { AppError, type Context, command } from '../../_kernel/index.ts'
import { checkText } from '../content/check-text.ts'
import { readableOf } from '../post/model.ts'
import { askImages } from './ask-images.ts'
import { ANSWER_WITHIN_MS, ASK_WITHIN_MS, type Review } from './model.ts'
import { getSubject, reviews, type Subject, settle } from './store.ts'

/**
 * Looks after what waits for a machine: texts that nobody judged, pictures that were not asked about, answers that never
 * came. Safe to run from several places. @returns how many reviews it took up.
 */
export async function sweepReviews(ctx: Context, limit: number): Promise<number> {
  const due = await ctx.db.query(reviews, {
    where: { dueAtMs: command.lte(ctx.clock.nowMs()) },
    orderBy: [['dueAtMs', 'asc']],
    limit,
  })
  let taken = 0
  for (const review of due) {
    const claim = { dueAtMs: ctx.clock.nowMs() + ASK_WITHIN_MS }
    if (!(await ctx.db.updateIf(reviews, review._id, { dueAtMs: review.dueAtMs }, claim))) continue
    taken += 1
    await lookAfter(ctx, review)
  }
  return taken
}

async function lookAfter(ctx: Context, { _id, kind, text, images }: Review): Promise<void> {
  const subject = await getSubject(ctx.db, kind, _id)
  const isPending = subject.content.status === 'pending'
  const judged = isPending && text.state === 'unavailable' ? await judgeAgain(ctx, subject, text) : undefined
  await ctx.transaction(async (tx) => {
    const review = await tx.get(reviews, _id)
    const overdueMs = ctx.clock.nowMs() - ANSWER_WITHIN_MS
    const isSameText = JSON.stringify(review.text) === JSON.stringify(text)
    await settle(tx, {
      ...review,
      text: judged && isSameText ? judged : review.text,
      tries: judged?.state === 'unavailable' ? review.tries + 1 : review.tries,
      images: review.images.map((image) =>
        image.state === 'asked' && (image.askedAtMs ?? 0) <= overdueMs
          ? { ...image, state: 'failed' }
          : image,
      ),
    })
  })
  if (isPending && images.some(({ state }) => state === 'waiting')) await askImages(ctx, _id)
}

async function judgeAgain(ctx: Context, subject: Subject, before: Review['text']): Promise<Review['text']> {
  const content = subject.kind === 'post' ? readableOf(subject.content) : subject.content.text
  try {
    return await checkText(ctx, { content, scene: subject.kind, openid: subject.content._openid })
  } catch (error) {
    // Too late to refuse: it is stored already, so it is rejected.
    if (error instanceof AppError && error.error === 'CONTENT_REFUSED') return { ...before, state: 'risky' }
    throw error
  }
}
