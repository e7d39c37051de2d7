/** The demo community: topics, posts with pictures in every state, comments, likes and follows. */
import tcb from '@cloudbase/node-sdk'
import type { Emulator } from '../../emulator/index.ts'
import { type DemoPost, demoComments, demoPosts, demoTopics } from './community-posts.ts'
import { drawPicture } from './picture.ts'

/** Calls a route as a demo user, with a request id that is the same on every run. */
type Call = <T>(user: string, route: string, data: unknown, label?: string) => Promise<T>

const PEOPLE = ['buyer1', 'buyer2', 'author1', 'manager1'] as const

/** Needs `seedPeople`. Runs again from the beginning when it was cut short. */
export async function seedCommunity(call: Call, cloud: Emulator): Promise<void> {
  const { push, mediaChecks } = cloud.wechat
  const rules = push.rules().filter(({ event }) => event !== 'wxa_media_check')
  await push.setRules([...rules, { msgType: 'event', event: 'wxa_media_check', functionName: 'media' }])
  await call('admin', 'community/saveSensitiveWords', {
    category: 'gambling',
    title: '赌博',
    action: 'refuse',
    words: ['赌博', '私彩'],
  })
  const topicIds = await seedTopics(call)
  const settings = mediaChecks.settings()
  await mediaChecks.setSettings({ ...settings, hold: true })
  const postIds: string[] = []
  const waiting = new Set<string>()
  for (const [index, post] of demoPosts.entries()) {
    const { postId } = await publish(call, cloud, topicIds, post, index)
    await judgePictures(cloud, post, waiting)
    await decideFate(call, postId, post)
    if (post.fate === undefined) postIds.push(postId)
  }
  await mediaChecks.setSettings(settings)
  await seedReactions(call, cloud, postIds)
}

async function seedTopics(call: Call): Promise<Map<string, string>> {
  const topicIds = new Map<string, string>()
  for (const topic of demoTopics) {
    const { topicId } = await call<{ topicId: string }>('admin', 'community/createTopic', topic, topic.title)
    topicIds.set(topic.title, topicId)
  }
  return topicIds
}

async function publish(
  call: Call,
  cloud: Emulator,
  topicIds: ReadonlyMap<string, string>,
  { author, text, topics, pictures, place }: DemoPost,
  index: number,
): Promise<{ postId: string }> {
  const images: string[] = []
  for (let at = 0; at < pictures; at++) {
    images.push(await uploadPicture(call, cloud, author, index * 9 + at))
  }
  const input = { text, images, place: place ?? null, topicIds: topics.map((title) => topicIds.get(title)) }
  return call(author, 'community/createPost', input, text)
}

/** As a phone does it: a path from the server, the upload, and the server's look at what came. */
async function uploadPicture(call: Call, cloud: Emulator, author: string, number: number): Promise<string> {
  const content = drawPicture(number)
  const label = `picture-${number}`
  const { files } = await call<{ files: { mediaId: string; cloudPath: string }[] }>(
    author,
    'media/grant',
    { policy: 'post', files: [{ type: 'image/png', bytes: content.length }] },
    label,
  )
  const [granted] = files
  if (!granted) throw new Error('media/grant gave no path')
  await storageOf(cloud).uploadFile({ cloudPath: granted.cloudPath, fileContent: content })
  const { fileId } = await call<{ fileId: string }>(
    author,
    'media/confirm',
    { mediaId: granted.mediaId },
    label,
  )
  return fileId
}

function storageOf({ envId, url }: Emulator) {
  return tcb.init({ env: envId, secretId: 'local', secretKey: 'local', serviceUrl: `${url}/admin` })
}

/** WeChat's verdicts on the pictures that were asked about last; those in `waiting` go on waiting. */
async function judgePictures({ wechat }: Emulator, { fate }: DemoPost, waiting: Set<string>): Promise<void> {
  const open = wechat.mediaChecks
    .list()
    .filter(({ verdict, traceId }) => verdict === undefined && !waiting.has(traceId))
  for (const [at, { traceId }] of open.entries()) {
    if (fate === 'waiting') waiting.add(traceId)
    else if (fate === 'unsure' && at === 0) await judge(traceId, 'review')
    else await judge(traceId, fate === 'rejected' ? 'risky' : 'pass')
  }

  async function judge(traceId: string, suggest: 'pass' | 'review' | 'risky'): Promise<void> {
    await wechat.mediaChecks.decide(traceId, { suggest, label: suggest === 'pass' ? 100 : 20002 })
  }
}

async function decideFate(call: Call, subjectId: string, { author, fate, text }: DemoPost): Promise<void> {
  const subject = { kind: 'post', subjectId }
  if (fate === 'taken-down' || fate === 'appealed') {
    const reason = fate === 'taken-down' ? '广告引流' : '人身攻击'
    await call('admin', 'community/moderate', { ...subject, action: 'takeDown', reason }, text)
  }
  if (fate === 'appealed') {
    await call(author, 'community/appeal', { ...subject, text: '已经改得平和，请再看一次' }, text)
  }
  if (fate === 'deleted') await call(author, 'community/deletePost', { postId: subjectId }, text)
  if (fate === 'reported') await call('buyer1', 'community/report', { ...subject, reason: 'false' }, text)
}

async function seedReactions(call: Call, cloud: Emulator, postIds: readonly string[]): Promise<void> {
  const author = cloud.users.identityOf('author1')?.openid
  for (const name of ['buyer1', 'buyer2']) await call(name, 'community/follow', { userId: author, on: true })
  for (const [index, postId] of postIds.entries()) {
    for (const [at, name] of PEOPLE.entries()) {
      // Different for each post, the same on every run.
      if ((index * 7 + at * 3) % 4 !== 0) await call(name, 'community/likePost', { postId, on: true }, postId)
      if ((index + at) % 5 === 0) await call(name, 'community/favouritePost', { postId, on: true }, postId)
    }
    if (index % 2 !== 0) continue
    const text = demoComments[index % demoComments.length]
    const first = { postId, text }
    const { commentId } = await call<{ commentId: string }>('buyer2', 'community/comment', first, postId)
    const reply = { postId, text: '谢谢', replyToId: commentId }
    if (index % 4 === 0) await call('author1', 'community/comment', reply, postId)
  }
}
