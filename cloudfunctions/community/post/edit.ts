import * as z from 'zod'
import { collection, defineRoute, derivedId, idInput, refuse, text as string } from '../../_kernel/index.ts'
import { attachMedia } from '../../media/public.ts'
import { checkText } from '../content/check-text.ts'
import { placeSchema, postFields, toPlace } from '../content/fields.ts'
import { mayMove } from '../content/status.ts'
import { findMentioned, speakingMember } from '../member/store.ts'
import { askImages } from '../review/ask-images.ts'
import { isClean, MACHINE, newReview, type Review } from '../review/model.ts'
import { reviews, settle } from '../review/store.ts'
import { mediaUse } from './media-use.ts'
import { readableOf, wordsOf } from './model.ts'
import { getOwnPost, movePost, posts } from './store.ts'

/** How a post read before each edit. */
export const postEdits = collection(
  'post_edits',
  z.object({
    _id: string,
    postId: string,
    authorId: string,
    revision: z.int(),
    text: z.string(),
    images: z.array(string),
    place: placeSchema.nullable(),
    replacedAtMs: z.int(),
  }),
)

/**
 * community/editPost: the whole content anew, judged anew. New pictures, a doubt or no judge hide the post until it is
 * settled; what a moderator rejected goes back to a moderator. What a moderator took down is not edited but appealed for.
 */
export const editPost = defineRoute({
  summary: 'Change my post',
  input: z
    .strictObject({
      postId: idInput,
      /** The revision that was edited. */ revision: z.int().min(1),
      ...postFields,
    })
    .refine(({ text, images }) => text !== '' || images.length > 0, { path: ['text'], error: 'required' }),
  access: 'user',
  idempotent: 'once',
  rateLimit: { limit: 20, perMs: 60_000 },

  async handle({ postId, revision, mentionUserIds, place, ...fields }, ctx) {
    const nowMs = ctx.clock.nowMs()
    await speakingMember(ctx)
    const before = await getOwnPost(ctx, postId)
    if (!mayMove('hold', before.status)) refuse('CONTENT_STATE', { status: before.status })
    const mentions = await findMentioned(ctx, mentionUserIds)
    const content = { ...fields, place: place && toPlace(place) }
    const verdict = await checkText(ctx, {
      content: readableOf(content),
      scene: 'post',
      openid: ctx.userId,
    })
    const change = {
      ...content,
      mentions,
      words: wordsOf({ ...content, topics: before.topics }),
      revision: revision + 1,
      editedAtMs: nowMs,
    }

    const reply = await ctx.once(async (tx) => {
      const post = await tx.get(posts, postId)
      if (post.revision !== revision) refuse('STALE', { postId, revision: post.revision })
      const known = await tx.find(reviews, postId)
      const { text, images, place: oldPlace } = post
      await tx.insert(postEdits, {
        _id: derivedId('pse', postId, String(revision)),
        postId,
        authorId: post._openid,
        revision,
        text,
        images,
        place: oldPlace,
        replacedAtMs: nowMs,
      })

      // Earlier versions keep their pictures too: they are part of the history.
      await attachMedia(tx, mediaUse('post', postId, ctx.userId, content.images))
      const passed = passedImages(known, post.status === 'visible' ? images : [])
      const needsPerson =
        known?.queue === 'open' || (known?.decision?.by !== MACHINE && known?.decision?.action === 'reject')
      const unjudged = content.images.filter((fileId) => !passed.has(fileId))
      if (isClean(verdict, unjudged) && post.status === 'visible' && !needsPerson) {
        await tx.put(posts, { ...post, ...change })
        return { postId, revision: change.revision, status: post.status }
      }
      const held = await movePost(tx, post, 'hold', change)
      const fresh = newReview({
        kind: 'post',
        subjectId: postId,
        authorId: post._openid,
        text: verdict,
        images: content.images,
        nowMs,
      })
      const status = await settle(tx, {
        ...(known ?? fresh),
        text: verdict,
        images: fresh.images.map((image) =>
          passed.has(image.fileId) ? { ...image, state: 'pass' as const } : image,
        ),
        traceIds: [],
        tries: 0,
        reasons: needsPerson ? [...new Set([...(known?.reasons ?? []), 'edited' as const])] : [],
        queue: known?.queue ?? 'none',
      })
      return { postId, revision: held.revision, status }
    })
    if (content.images.length > 0) await askImages(ctx, postId)
    return reply
  },
})

/** Pictures that need no second judgement: those that passed, and those of a post that shows. */
function passedImages(review: Review | undefined, shown: readonly string[]): ReadonlySet<string> {
  const passed = review?.images.filter(({ state }) => state === 'pass').map(({ fileId }) => fileId) ?? []
  return new Set([...passed, ...shown])
}
