import { type Consumer, type Context, refuse } from '../_kernel/index.ts'
import { type Address, findIn } from './address/book.ts'
import { readBook } from './address/store.ts'
import { leaveOnUserDeleted } from './department/on-user-deleted.ts'
import { defaultNickname } from './model.ts'
import { users } from './store.ts'

export type { Address } from './address/book.ts'
export { findManagerChain, findManagers } from './department/managers.ts'
export { profileChanged, userDeleted } from './events.ts'
export { findActiveUsers } from './people/active.ts'
export { eraseUser, exportUser } from './privacy.ts'
export { builtInRoles } from './role/built-in.ts'

/** One of a user's own addresses; refuses NOT_FOUND for a stranger's as for a missing one. One database request. */
export async function getAddress(ctx: Context, userId: string, addressId: string): Promise<Address> {
  return findIn(await readBook(ctx, userId), addressId) ?? refuse('NOT_FOUND', { addressId })
}

/** What others see of a user, also before their first login. One database request. */
export async function profileCard(
  ctx: Context,
  userId: string,
): Promise<{ nickname: string; avatarFileId: string | null }> {
  const user = await ctx.db.find(users, userId)
  return { nickname: user?.nickname ?? defaultNickname, avatarFileId: user?.avatarFileId ?? null }
}

/** How this capability reacts to events; listed in `_events/index.ts`. */
export const consumers: Consumer[] = [leaveOnUserDeleted]
