/** Table of contents of `community`; the mini program's client is checked against its type. */
import type { Routes } from '../_kernel/index.ts'
import { comment } from './comment/create.ts'
import { comments, replies } from './comment/list.ts'
import { myComments } from './comment/mine.ts'
import { deleteComment } from './comment/remove.ts'
import { mentionsOfMe, myPosts, postsOf } from './feed/by-author.ts'
import { favourites } from './feed/favourites.ts'
import { feed } from './feed/feed.ts'
import { followingFeed } from './feed/following.ts'
import { nearby } from './feed/nearby.ts'
import { search } from './feed/search.ts'
import { member } from './member/card.ts'
import { followers, followings } from './member/list-follows.ts'
import { createPost } from './post/create.ts'
import { post, postHistory } from './post/detail.ts'
import { listDrafts, removeDraft, saveDraft } from './post/drafts.ts'
import { editPost } from './post/edit.ts'
import { deletePost } from './post/remove.ts'
import { appeal } from './review/appeal.ts'
import { moderate } from './review/moderate.ts'
import { mute, unmute } from './review/mute.ts'
import { reviewCase, reviewQueue } from './review/queue.ts'
import { report } from './review/report.ts'
import { listSensitiveWords, saveSensitiveWords } from './review/sensitive-words.ts'
import { follow } from './tie/follow.ts'
import { likeComment } from './tie/like-comment.ts'
import { favouritePost, likePost } from './tie/like-post.ts'
import { createTopic } from './topic/create.ts'
import { topics } from './topic/list.ts'
import { updateTopic } from './topic/update.ts'
import { verifyCounters } from './verify/route.ts'

export const routes = {
  feed,
  followingFeed,
  postsOf,
  nearby,
  search,
  topics,
  post,
  comments,
  replies,
  member,
  followers,
  followings,

  createPost,
  editPost,
  deletePost,
  postHistory,
  saveDraft,
  drafts: listDrafts,
  removeDraft,
  comment,
  deleteComment,
  myPosts,
  myComments,
  mentionsOfMe,
  favourites,

  likePost,
  favouritePost,
  likeComment,
  follow,
  report,
  appeal,

  reviewQueue,
  reviewCase,
  moderate,
  mute,
  unmute,
  sensitiveWords: listSensitiveWords,
  saveSensitiveWords,
  createTopic,
  updateTopic,
  verifyCounters,
} satisfies Routes
