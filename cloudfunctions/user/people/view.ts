import { maskPhone, type User } from '../model.ts'

/** What an operator sees of a person: no more than helps to serve them. */
export function toPersonView(user: User, nowMs: number) {
  const isBanned = user.ban !== null && (user.ban.untilMs === null || user.ban.untilMs > nowMs)
  return {
    userId: user._id,
    nickname: user.nickname,
    avatarFileId: user.avatarFileId,
    phone: user.phone === null ? null : maskPhone(user.phone),
    status: user.status,
    isBanned,
    ban: user.ban,
    createdAtMs: user.createdAtMs,
    lastLoginAtMs: user.lastLoginAtMs,
  }
}
