import { command, type Tx } from '../../_kernel/index.ts'
import { comments } from '../comment/store.ts'
import { members } from '../member/store.ts'
import { countOnPost, posts } from '../post/store.ts'
import { type Tie, ties } from './store.ts'

/** Takes somebody's tie away in their place, and its count with it; a repeat changes nothing. */
export async function removeTie(tx: Tx, { _id, kind, userId, targetId }: Tie): Promise<void> {
  if (!(await tx.find(ties, _id))) return
  await tx.remove(ties, _id)
  const one = { countVersion: command.inc(1) }
  if (kind === 'follow') {
    const follower = await tx.find(members, userId)
    const followingIds = follower?.followingIds.filter((id) => id !== targetId)
    if (followingIds) await tx.update(members, userId, { ...one, followingIds })
    if (await tx.find(members, targetId)) {
      await tx.update(members, targetId, { ...one, followerCount: command.inc(-1) })
    }
    return
  }
  const post = await tx.find(posts, targetId)
  if (post) {
    await countOnPost(tx, post, kind === 'like' ? { likeCount: -1 } : { favouriteCount: -1 })
  } else if (await tx.find(comments, targetId)) {
    await tx.update(comments, targetId, { ...one, likeCount: command.inc(-1) })
  }
}
