import * as z from 'zod'
import { defineRoute, idInput, refuse } from '../../_kernel/index.ts'
import { reviews } from '../review/store.ts'
import { findTies } from '../tie/store.ts'
import { viewerOf } from '../viewer.ts'
import { postEdits } from './edit.ts'
import { posts } from './store.ts'
import { ownTieIds, toCard } from './view.ts'

/** community/post: a visible post, or the caller's own in any state with what was decided about it. Two or three requests. */
export const post = defineRoute({
  summary: 'One post',
  input: z.strictObject({ postId: idInput }),
  access: 'public',

  async handle({ postId }, ctx) {
    const viewer = viewerOf(ctx)
    const found = await ctx.db.get(posts, postId)
    const isOwn = found._openid === viewer
    if (found.status !== 'visible' && !(isOwn && found.status !== 'deleted')) refuse('NOT_FOUND', { postId })
    const [ties, review] = await Promise.all([
      viewer === undefined ? [] : findTies(ctx, ownTieIds(viewer, found)),
      isOwn && found.status !== 'visible' ? ctx.db.find(reviews, postId) : undefined,
    ])
    const decision = review?.decision ?? null
    return {
      ...toCard(found, ties),
      decision: decision && { action: decision.action, reason: decision.reason, atMs: decision.atMs },
      appeal: review?.appeal ? { text: review.appeal.text, atMs: review.appeal.atMs } : null,
    }
  },
})

/** community/postHistory: how a post read before, for whoever may see it, latest first. */
export const postHistory = defineRoute({
  summary: 'Earlier versions of a post',
  input: z.strictObject({ postId: idInput }),
  access: 'user',

  async handle({ postId }, ctx) {
    const found = await ctx.db.get(posts, postId)
    const mayLook = found._openid === ctx.userId || (await ctx.can('community:moderate'))
    if (!mayLook) refuse('NOT_FOUND', { postId })
    const edits = await ctx.db.query(postEdits, {
      where: { postId },
      orderBy: [['revision', 'desc']],
      limit: 100,
    })
    return {
      items: edits.map(({ revision, text, images, place, replacedAtMs }) => ({
        revision,
        text,
        images,
        placeName: place?.name ?? null,
        replacedAtMs,
      })),
    }
  },
})
