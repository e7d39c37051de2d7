import * as z from 'zod'
import { command, defineRoute, idInput, pageInput } from '../../_kernel/index.ts'
import { pageOfPosts } from './page.ts'

/** community/postsOf: what somebody published, newest first. One database request. */
export const postsOf = defineRoute({
  summary: 'Posts of one person',
  input: z.strictObject({ ...pageInput.shape, userId: idInput }),
  access: 'public',

  handle: ({ userId, cursor, size }, ctx) =>
    pageOfPosts(ctx, {
      where: { _openid: userId, status: 'visible' },
      orderBy: ['publishedAtMs', 'desc'],
      cursor,
      size,
    }),
})

/** community/myPosts: the caller's own in any state, those that wait or were rejected included. One database request. */
export const myPosts = defineRoute({
  summary: 'My posts, whatever became of them',
  input: z.strictObject(pageInput.shape),
  access: 'user',

  handle: ({ cursor, size }, ctx) =>
    pageOfPosts(ctx, {
      where: { _openid: ctx.userId, status: command.in(['pending', 'visible', 'rejected', 'taken_down']) },
      orderBy: ['createdAtMs', 'desc'],
      cursor,
      size,
    }),
})

/** community/mentionsOfMe: posts that name the caller, newest first. One database request. */
export const mentionsOfMe = defineRoute({
  summary: 'Posts that mention me',
  input: z.strictObject(pageInput.shape),
  access: 'user',

  handle: ({ cursor, size }, ctx) =>
    pageOfPosts(ctx, {
      where: { status: 'visible', 'mentions.userId': ctx.userId },
      orderBy: ['publishedAtMs', 'desc'],
      cursor,
      size,
    }),
})
