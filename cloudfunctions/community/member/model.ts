import * as z from 'zod'
import { text } from '../../_kernel/index.ts'

/** What the community knows of a user. `_id` is the openid. */
export const memberSchema = z.object({
  _id: text,
  _openid: text,
  /** As in the user's profile; a change there reaches it by an event. */
  nickname: text,
  avatarFileId: z.string().nullable(),
  /** In one place, so that the feed of followed people needs one read. */
  followingIds: z.array(text),
  followerCount: z.int(),
  /** Of visible posts. */
  postCount: z.int(),
  /** Goes up with each change of a counter: how the verifier knows that nobody was there meanwhile. */
  countVersion: z.int(),
  mutedUntilMs: z.int().nullable(),
  createdAtMs: z.int(),
})

export type Member = z.output<typeof memberSchema>

export const FOLLOWING_MAX = 1_000

export function authorOf({ _id, nickname, avatarFileId }: Member) {
  return { userId: _id, nickname, avatarFileId }
}

/** What anybody may see. */
export function cardOf(member: Member) {
  const { followingIds, followerCount, postCount } = member
  return { ...authorOf(member), followingCount: followingIds.length, followerCount, postCount }
}
