import * as z from 'zod'
import { type Context, collection, refuse, text } from '../../_kernel/index.ts'

export const topics = collection(
  'topics',
  z.object({
    _id: text,
    title: text,
    summary: z.string(),
    coverFileId: z.string().nullable(),
    /** A closed topic keeps its posts and takes no new ones. */
    status: z.enum(['open', 'closed']),
    /** Of visible posts. */
    postCount: z.int(),
    countVersion: z.int(),
    createdAtMs: z.int(),
    updatedAtMs: z.int(),
  }),
)

export type Topic = ReturnType<typeof topics.parse>

export const TOPICS_MAX = 3

/** Refuses TOPIC_CLOSED for one that is closed or not there. */
export async function getOpenTopics(
  ctx: Context,
  topicIds: readonly string[],
): Promise<{ topicId: string; title: string }[]> {
  const wanted = [...new Set(topicIds)]
  const found = await ctx.db.findMany(topics, wanted)
  return wanted.map((topicId) => {
    const topic = found.find(({ _id, status }) => _id === topicId && status === 'open')
    return { topicId, title: (topic ?? refuse('TOPIC_CLOSED', { topicId })).title }
  })
}
