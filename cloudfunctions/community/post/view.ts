import { type Tie, tieId } from '../tie/store.ts'
import type { Post } from './model.ts'

/** What a reader may have made with a post and its author. */
export function ownTieIds(viewer: string, post: Pick<Post, '_id' | '_openid'>): string[] {
  return [
    tieId('like', viewer, post._id),
    tieId('favourite', viewer, post._id),
    tieId('follow', viewer, post._openid),
  ]
}

/** A post as it is shown, with the reader's own ties among those given. */
export function toCard(post: Post, ties: readonly Tie[]) {
  const { _id, _openid, words, countVersion, topicIds, place, ...shown } = post
  const has = (kind: Tie['kind'], targetId: string) =>
    ties.some((tie) => tie.kind === kind && tie.targetId === targetId)
  const [longitude, latitude] = place?.point.coordinates ?? []
  return {
    postId: _id,
    ...shown,
    place: place && { name: place.name, longitude, latitude },
    isLiked: has('like', _id),
    isFavourite: has('favourite', _id),
    isFollowed: has('follow', _openid),
  }
}
