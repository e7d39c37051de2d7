import type { Context, Page, Where } from '../../_kernel/index.ts'
import type { Post } from '../post/model.ts'
import { posts } from '../post/store.ts'
import { toCard } from '../post/view.ts'
import { ties } from '../tie/store.ts'
import { viewerOf } from '../viewer.ts'

export type Card = ReturnType<typeof toCard>

/**
 * A page of posts with what the reader made with each of them: one database request, because the ids of ties follow from
 * reader and post.
 */
export async function pageOfPosts(
  ctx: Context,
  request: {
    where: Where<Post>
    orderBy: ['publishedAtMs' | 'hotScore' | 'createdAtMs', 'asc' | 'desc']
    cursor?: string
    size: number
  },
): Promise<Page<Card>> {
  const viewer = viewerOf(ctx)
  if (viewer === undefined) {
    const { items, nextCursor } = await ctx.db.page(posts, request)
    return { items: items.map((post) => toCard(post, [])), nextCursor }
  }
  const ids = [
    { $concat: [`like-${viewer}-`, '$_id'] },
    { $concat: [`favourite-${viewer}-`, '$_id'] },
    { $concat: [`follow-${viewer}-`, '$_openid'] },
  ]
  const page = await ctx.db.pageJoined(posts, { ...request, join: { from: ties, ids } })
  return { items: page.items.map(({ item, joined }) => toCard(item, joined)), nextCursor: page.nextCursor }
}
