import { describeRoutes } from '../../test/support/describe-routes.ts'
import { routes } from './routes.ts'

const content = {
  text: '春天来了',
  images: ['cloud://env/a.png'],
  place: { name: '西湖', longitude: 120.15, latitude: 30.25 },
  mentionUserIds: ['u2'],
}
const subject = { kind: 'post' as const, subjectId: 'p1' }

describeRoutes(
  'community',
  routes,
  {
    feed: { order: 'hot', topicId: 't1', size: 1 },
    followingFeed: { size: 1 },
    postsOf: { userId: 'u1', size: 1 },
    nearby: { longitude: 120, latitude: 30, withinM: 100, limit: 1 },
    search: { text: '春天', size: 1 },
    topics: { size: 1 },
    post: { postId: 'p1' },
    comments: { postId: 'p1', order: 'best', size: 1 },
    replies: { postId: 'p1', commentId: 'c1', size: 1 },
    member: { userId: 'u1' },
    followers: { userId: 'u1', size: 1 },
    followings: { userId: 'u1', size: 1 },

    createPost: { ...content, topicIds: ['t1'], draftId: 'd1' },
    editPost: { postId: 'p1', revision: 1, ...content },
    deletePost: { postId: 'p1' },
    postHistory: { postId: 'p1' },
    saveDraft: { draftId: 'd1', ...content, topicIds: ['t1'] },
    drafts: {},
    removeDraft: { draftId: 'd1' },
    comment: { postId: 'p1', text: '好', replyToId: 'c1' },
    deleteComment: { commentId: 'c1' },
    myPosts: { size: 1 },
    myComments: { size: 1 },
    mentionsOfMe: { size: 1 },
    favourites: { size: 1 },

    likePost: { postId: 'p1', on: true },
    favouritePost: { postId: 'p1', on: true },
    likeComment: { commentId: 'c1', on: true },
    follow: { userId: 'u2', on: true },
    report: { ...subject, reason: 'spam', note: 'again' },
    appeal: { ...subject, text: 'please look again' },

    reviewQueue: { kind: 'post', size: 1 },
    reviewCase: subject,
    moderate: { ...subject, action: 'takeDown', reason: '广告', note: 'third time', seenAtMs: 1 },
    mute: { userId: 'u1', untilMs: 2_000_000_000_000, reason: 'spam' },
    unmute: { userId: 'u1' },
    sensitiveWords: {},
    saveSensitiveWords: { category: 'gambling', title: '赌博', action: 'refuse', words: ['赌博'] },
    createTopic: { title: '春天', summary: '花', coverFileId: 'cloud://env/a.png' },
    updateTopic: {
      topicId: 't1',
      title: '春天',
      summary: '花',
      coverFileId: 'cloud://env/a.png',
      status: 'closed',
    },
    verifyCounters: {},
  },
  { refusesUnknownFields: true },
)
