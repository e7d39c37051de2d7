import { type Context, collection, refuse } from '../../_kernel/index.ts'
import { profileCard } from '../../user/public.ts'
import { type Member, memberSchema } from './model.ts'

export const members = collection('members', memberSchema)

/** The caller as a member; made of their profile when they take part for the first time. One read, three then. */
export async function joinedMember(ctx: Context): Promise<Member> {
  const known = await ctx.db.find(members, ctx.userId)
  if (known) return known
  const { nickname, avatarFileId } = await profileCard(ctx, ctx.userId)
  const member: Member = {
    _id: ctx.userId,
    _openid: ctx.userId,
    nickname,
    avatarFileId,
    followingIds: [],
    followerCount: 0,
    postCount: 0,
    countVersion: 0,
    mutedUntilMs: null,
    createdAtMs: ctx.clock.nowMs(),
  }
  if (await ctx.db.insertIfAbsent(members, member)) return member
  return ctx.db.get(members, ctx.userId)
}

/** The caller, who wants to write; refuses MEMBER_MUTED. */
export async function speakingMember(ctx: Context): Promise<Member> {
  const member = await joinedMember(ctx)
  if (member.mutedUntilMs !== null && member.mutedUntilMs > ctx.clock.nowMs()) {
    refuse('MEMBER_MUTED', { untilMs: member.mutedUntilMs })
  }
  return member
}

/** Those who are mentioned, by name; a stranger to the community is left out. */
export async function findMentioned(
  ctx: Context,
  userIds: readonly string[],
): Promise<{ userId: string; nickname: string }[]> {
  const found = await ctx.db.findMany(members, [...new Set(userIds)])
  return found.map(({ _id, nickname }) => ({ userId: _id, nickname }))
}
