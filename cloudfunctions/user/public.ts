import { type Consumer, type Context, refuse } from '../_kernel/index.ts'
import { type Address, findIn } from './address/book.ts'
import { readBook } from './address/store.ts'
import { leaveOnUserDeleted } from './department/on-user-deleted.ts'

export type { Address } from './address/book.ts'
export { findManagers } from './department/managers.ts'
export { userDeleted } from './events.ts'

/** One of a user's own addresses; refuses NOT_FOUND for a stranger's as for a missing one. One database request. */
export async function getAddress(ctx: Context, userId: string, addressId: string): Promise<Address> {
  return findIn(await readBook(ctx, userId), addressId) ?? refuse('NOT_FOUND', { addressId })
}

/** How this capability reacts to events; listed in `_events/index.ts`. */
export const consumers: Consumer[] = [leaveOnUserDeleted]
