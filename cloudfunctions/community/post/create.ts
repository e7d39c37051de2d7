import * as z from 'zod'
import { defineRoute, idInput } from '../../_kernel/index.ts'
import { attachMedia, detachMedia } from '../../media/public.ts'
import { checkText } from '../content/check-text.ts'
import { postFields, toPlace } from '../content/fields.ts'
import { authorOf } from '../member/model.ts'
import { findMentioned, speakingMember } from '../member/store.ts'
import { askImages } from '../review/ask-images.ts'
import { ASK_WITHIN_MS, isClean, newReview } from '../review/model.ts'
import { reviews, settle } from '../review/store.ts'
import { getOpenTopics, TOPICS_MAX } from '../topic/store.ts'
import { drafts } from './drafts.ts'
import { mediaUse } from './media-use.ts'
import { hotScoreOf, type Post, readableOf, wordsOf } from './model.ts'
import { placePost } from './store.ts'

/**
 * community/createPost: a text that passes shows at once; with pictures, or while nobody can judge, it waits, seen by its
 * author alone. Refuses CONTENT_REFUSED, MEMBER_MUTED, TOPIC_CLOSED.
 */
export const createPost = defineRoute({
  summary: 'Publish a post',
  input: z
    .strictObject({
      ...postFields,
      topicIds: z.array(idInput).max(TOPICS_MAX).default([]),
      /** The draft that it was; removed with the same write. */
      draftId: idInput.optional(),
    })
    .refine(({ text, images }) => text !== '' || images.length > 0, { path: ['text'], error: 'required' }),
  access: 'user',
  idempotent: 'once',
  rateLimit: { limit: 10, perMs: 60_000 },

  async handle({ mentionUserIds, topicIds, draftId, place, ...fields }, ctx) {
    const nowMs = ctx.clock.nowMs()
    const member = await speakingMember(ctx)
    const [mentions, topics] = await Promise.all([
      findMentioned(ctx, mentionUserIds),
      getOpenTopics(ctx, topicIds),
    ])
    const content = { ...fields, place: place && toPlace(place), topics }
    const verdict = await checkText(ctx, {
      content: readableOf(content),
      scene: 'post',
      openid: ctx.userId,
    })
    const isVisible = isClean(verdict, fields.images)
    const unscored = {
      _id: ctx.ids.next('pst'),
      _openid: ctx.userId,
      author: authorOf(member),
      ...content,
      topicIds: topics.map(({ topicId }) => topicId),
      mentions,
      words: wordsOf(content),
      status: isVisible ? ('visible' as const) : ('pending' as const),
      revision: 1,
      likeCount: 0,
      favouriteCount: 0,
      commentCount: 0,
      countVersion: 0,
      createdAtMs: nowMs,
      publishedAtMs: isVisible ? nowMs : null,
      editedAtMs: null,
    }
    const post: Post = { ...unscored, hotScore: hotScoreOf(unscored) }
    const review = newReview({
      kind: 'post',
      subjectId: post._id,
      authorId: ctx.userId,
      text: verdict,
      images: post.images,
      nowMs,
    })

    const reply = await ctx.once(async (tx) => {
      await attachMedia(tx, mediaUse('post', post._id, ctx.userId, post.images))
      await placePost(tx, post)
      if (!isVisible) {
        await tx.insert(reviews, { ...review, dueAtMs: nowMs + ASK_WITHIN_MS })
        await settle(tx, review)
      }
      if (draftId !== undefined) {
        const draft = await tx.find(drafts, draftId)
        if (draft?._openid === ctx.userId) {
          await tx.remove(drafts, draftId)
          await detachMedia(tx, mediaUse('draft', draftId, ctx.userId, draft.images))
        }
      }
      return { postId: post._id, status: post.status }
    })
    if (post.images.length > 0) await askImages(ctx, reply.postId)
    return reply
  },
})
