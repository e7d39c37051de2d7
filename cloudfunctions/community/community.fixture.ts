/** A small community to test with: people who have names, and WeChat's side of the checks. */
import { type UnitCloud, type UnitCloudOptions, unitCloud } from '../../test/support/unit.ts'
import { cloud as sdk } from '../_kernel/runtime/cloud.ts'

export async function openCommunity(
  people: readonly string[] = ['author', 'reader', 'third'],
  functions: UnitCloudOptions['functions'] = {},
) {
  const cloud = await unitCloud({ functions: { uploader: async () => ({ main: upload }), ...functions } })
  for (const name of people) {
    await cloud.as(name).ok('user/login')
    await cloud.as(name).ok('user/updateProfile', { nickname: `${name}的昵称` })
  }
  await cloud.wechat.control.push.setRules([
    { msgType: 'event', event: 'wxa_media_check', functionName: 'media' },
  ])
  await cloud.wechat.control.words.set([
    { word: 'casino', suggest: 'risky', label: 20006 },
    { word: 'lottery', suggest: 'review', label: 20006 },
  ])

  /** As a phone does it: a path from the server, the upload, and the server's look at what came. */
  const picture = async (name: string) => {
    const input = { policy: 'post', files: [{ type: 'image/png', bytes: PNG.length }] }
    const granted = await cloud
      .as(name)
      .ok<{ files: { mediaId: string; cloudPath: string }[] }>('media/grant', input)
    const [{ mediaId, cloudPath } = { mediaId: '', cloudPath: '' }] = granted.files
    await cloud.as(name).send('uploader', { cloudPath })
    return (await cloud.as(name).ok<{ fileId: string }>('media/confirm', { mediaId })).fileId
  }

  return {
    cloud,
    picture,
    async post(name: string, input: object = {}): Promise<string> {
      const { postId } = await cloud
        .as(name)
        .ok<{ postId: string }>('community/createPost', { text: `${name}的帖子`, ...input })
      return postId
    },
    async comment(name: string, postId: string, input: object = {}): Promise<string> {
      const { commentId } = await cloud
        .as(name)
        .ok<{ commentId: string }>('community/comment', { postId, text: `${name}的评论`, ...input })
      return commentId
    },
    stored: (collection: string, id: string) => cloud.collection(collection).get(id),
    /** Takes it away, or brings it back, as a moderator does. */
    moderate: (subjectId: string, action: 'approve' | 'reject' | 'takeDown', kind = 'post') =>
      cloud.as('admin').ok('community/moderate', { kind, subjectId, action, reason: '社区规范' }),
  }
}

const PNG = Buffer.from('\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR and more', 'latin1')

/** Stands in for a client that puts a picture into the cloud's storage. */
async function upload(event: unknown): Promise<string> {
  const { cloudPath } = event as { cloudPath: string }
  return (await sdk.uploadFile({ cloudPath, fileContent: PNG })).fileID
}

export type Community = Awaited<ReturnType<typeof openCommunity>>

/** Every counter, and what a count of the facts gives: equal when nothing has drifted. */
export async function countersAndFacts(cloud: UnitCloud) {
  const [posts, comments, ties, members, topics] = await Promise.all(
    ['posts', 'comments', 'ties', 'members', 'topics'].map((name) => cloud.collection(name).all()),
  )
  const count = (rows: typeof posts = [], fields: Record<string, unknown>) =>
    rows.filter((row) => Object.entries(fields).every(([field, value]) => row[field] === value)).length
  const status = 'visible'
  const counters: Record<string, unknown> = {}
  const facts: Record<string, unknown> = {}
  const note = (id: unknown, counted: unknown, fact: unknown) => {
    counters[String(id)] = counted
    facts[String(id)] = fact
  }
  for (const { _id, likeCount, favouriteCount, commentCount } of posts ?? []) {
    note(
      _id,
      { likeCount, favouriteCount, commentCount },
      {
        likeCount: count(ties, { kind: 'like', targetId: _id }),
        favouriteCount: count(ties, { kind: 'favourite', targetId: _id }),
        commentCount: count(comments, { postId: _id, status }),
      },
    )
  }
  for (const { _id, likeCount, replyCount } of comments ?? []) {
    note(
      _id,
      { likeCount, replyCount },
      {
        likeCount: count(ties, { kind: 'like', targetId: _id }),
        replyCount: count(comments, { rootId: _id, status }),
      },
    )
  }
  for (const { _id, followerCount, postCount, followingIds } of members ?? []) {
    const follows = ties?.filter((tie) => tie.kind === 'follow' && tie.userId === _id)
    note(
      _id,
      { followerCount, postCount, followingIds: [...(followingIds as string[])].sort() },
      {
        followerCount: count(ties, { kind: 'follow', targetId: _id }),
        postCount: count(posts, { _openid: _id, status }),
        followingIds: follows?.map(({ targetId }) => targetId).sort(),
      },
    )
  }
  for (const { _id, postCount } of topics ?? []) {
    const about = posts?.filter((post) => (post.topicIds as unknown[]).includes(_id))
    note(_id, { postCount }, { postCount: count(about, { status }) })
  }
  return { counters, facts }
}
