import { type Context, collection, refuse } from '../_kernel/index.ts'
import { type User, userSchema } from './model.ts'

export const users = collection('users', userSchema)

/** The caller's account; refuses NOT_FOUND before the first login and ACCOUNT_DELETED after deletion. */
export async function getActiveUser(ctx: Context): Promise<User> {
  const user = await ctx.db.get(users, ctx.userId)
  if (user.status === 'deleted') refuse('ACCOUNT_DELETED')
  return user
}
