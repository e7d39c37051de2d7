import { type Context, forgetPermissions, grants } from '../../_kernel/index.ts'
import { addressBooks } from '../address/store.ts'
import { userDeleted } from '../events.ts'
import { erased } from '../model.ts'
import { users } from '../store.ts'

/** Erases an account and leaves a mark that it existed. A repeat changes nothing. @returns when it was deleted. */
export async function deleteUser(ctx: Context, userId: string): Promise<number | null> {
  const nowMs = ctx.clock.nowMs()
  const deletedAtMs = await ctx.transaction(async (tx) => {
    const user = await tx.get(users, userId)
    if (user.status === 'deleted') return user.deletedAtMs
    await tx.put(users, erased(user, nowMs))
    await tx.remove(addressBooks, userId)
    await tx.remove(grants, userId)
    await tx.emit(userDeleted, { userId })
    return nowMs
  })
  await forgetPermissions(ctx, userId)
  return deletedAtMs
}
