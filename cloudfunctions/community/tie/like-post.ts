import * as z from 'zod'
import { defineRoute, idInput } from '../../_kernel/index.ts'
import { countOnPost, getCountable } from '../post/store.ts'
import { setTie } from './store.ts'

const input = z.strictObject({ postId: idInput, on: z.boolean() })
const rateLimit = { limit: 120, perMs: 60_000 }

/** community/likePost */
export const likePost = defineRoute({
  summary: 'Like a post, or no longer',
  input,
  access: 'user',
  rateLimit,

  async handle({ postId, on }, ctx) {
    await setTie(ctx, { kind: 'like', targetId: postId, on }, async (tx, by) => {
      await countOnPost(tx, await getCountable(tx, postId, by), { likeCount: by })
    })
    return { postId, isLiked: on }
  },
})

/** community/favouritePost */
export const favouritePost = defineRoute({
  summary: 'Keep a post, or no longer',
  input,
  access: 'user',
  rateLimit,

  async handle({ postId, on }, ctx) {
    await setTie(ctx, { kind: 'favourite', targetId: postId, on }, async (tx, by) => {
      await countOnPost(tx, await getCountable(tx, postId, by), { favouriteCount: by })
    })
    return { postId, isFavourite: on }
  },
})
