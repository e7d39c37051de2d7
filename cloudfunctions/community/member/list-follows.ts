import * as z from 'zod'
import { defineRoute, idInput, pageInput } from '../../_kernel/index.ts'
import { ties } from '../tie/store.ts'
import { cardOf } from './model.ts'
import { members } from './store.ts'

const input = z.strictObject({ ...pageInput.shape, userId: idInput })

/** community/followers: who follows somebody, latest first. */
export const followers = defineRoute({
  summary: 'Who follows somebody',
  input,
  access: 'public',

  async handle({ userId, cursor, size }, ctx) {
    const page = await ctx.db.pageJoined(ties, {
      where: { kind: 'follow', targetId: userId },
      orderBy: ['createdAtMs', 'desc'],
      cursor,
      size,
      join: { from: members, ids: ['$userId'] },
    })
    return {
      items: page.items.flatMap(({ joined }) => joined.map(cardOf)),
      nextCursor: page.nextCursor,
    }
  },
})

/** community/followings: whom somebody follows, latest first. */
export const followings = defineRoute({
  summary: 'Whom somebody follows',
  input,
  access: 'public',

  async handle({ userId, cursor, size }, ctx) {
    const page = await ctx.db.pageJoined(ties, {
      where: { kind: 'follow', userId },
      orderBy: ['createdAtMs', 'desc'],
      cursor,
      size,
      join: { from: members, ids: ['$targetId'] },
    })
    return {
      items: page.items.flatMap(({ joined }) => joined.map(cardOf)),
      nextCursor: page.nextCursor,
    }
  },
})
