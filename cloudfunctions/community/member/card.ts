import * as z from 'zod'
import { defineRoute, idInput } from '../../_kernel/index.ts'
import { findTies, tieId } from '../tie/store.ts'
import { viewerOf } from '../viewer.ts'
import { cardOf } from './model.ts'
import { members } from './store.ts'

/** community/member: somebody's name and counts, and whether the caller follows them. */
export const member = defineRoute({
  summary: 'Somebody of the community',
  input: z.strictObject({ userId: idInput }),
  access: 'public',

  async handle({ userId }, ctx) {
    const viewer = viewerOf(ctx)
    const [found, ties] = await Promise.all([
      ctx.db.get(members, userId),
      viewer === undefined ? [] : findTies(ctx, [tieId('follow', viewer, userId)]),
    ])
    return { ...cardOf(found), isFollowed: ties.length > 0 }
  },
})
