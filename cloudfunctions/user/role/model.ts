import * as z from 'zod'
import { type Context, type Permission, type Role, refuse, roles, type Tx } from '../../_kernel/index.ts'
import { findBuiltIn, permissionTitles } from './built-in.ts'

export const roleName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{1,39}$/, 'lower-case letters, digits and underscores')

/** Only permissions that some route asks for: a typo must not look like a right. */
const permissionSet = z
  .array(z.string().refine((name) => Object.hasOwn(permissionTitles, name), 'there is no such permission'))
  .max(100)
  // The check above has just established it.
  .transform((names) => [...new Set(names)].sort() as Permission[])

export const roleFields = z.object({ title: z.string().trim().min(1).max(40), permissions: permissionSet })

/** Nobody hands out more than they hold: `role:manage` alone is not a way to become an administrator. */
export async function assertHolds(ctx: Context, permissions: readonly string[]): Promise<void> {
  for (const permission of permissions) {
    if (!(await ctx.can(permission))) refuse('FORBIDDEN', { needs: permission })
  }
}

/** The stored role, or the built-in one that nobody has granted yet. Refuses ROLE_UNKNOWN. */
export async function getRole(tx: Tx, name: string, nowMs: number): Promise<Role> {
  const builtIn = findBuiltIn(name)
  if (builtIn) return { ...builtIn, updatedAtMs: nowMs }
  return (await tx.find(roles, name)) ?? refuse('ROLE_UNKNOWN', { role: name })
}

export function assertNotBuiltIn(name: string): void {
  if (findBuiltIn(name)) refuse('ROLE_BUILT_IN', { role: name })
}

/** What `forgetPermissions` takes when not one user but everybody with a role is meant: it forgets all of them elsewhere. */
export const EVERYBODY = '*'
