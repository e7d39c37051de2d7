/** What is kept about a person here, given out or taken away on their request. */
import { type Context, grants } from '../_kernel/index.ts'
import { deleteUser } from './account/delete-user.ts'
import { addressBooks } from './address/store.ts'
import { departmentMembers } from './department/store.ts'
import { users } from './store.ts'

/** Four database requests. */
export async function exportUser(ctx: Context, userId: string): Promise<Record<string, unknown>> {
  const [user, addresses, grant, department] = await Promise.all([
    ctx.db.find(users, userId),
    ctx.db.find(addressBooks, userId),
    ctx.db.find(grants, userId),
    ctx.db.find(departmentMembers, userId),
  ])
  return { users: user, addresses, grants: grant, department_members: department }
}

/** Like a deleted account, and then not even the mark of one stays, unless a ban must outlive it. */
export async function eraseUser(ctx: Context, userId: string): Promise<void> {
  const user = await ctx.db.find(users, userId)
  if (!user) return
  await deleteUser(ctx, userId)
  if (user.ban === null) await ctx.db.remove(users, userId)
}
