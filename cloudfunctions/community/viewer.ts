import type { Context } from '../_kernel/index.ts'

/** Who looks, on routes that are open to people who did not sign in. */
export function viewerOf({ caller }: Context): string | undefined {
  if (caller.kind === 'user') return caller.openid
  return caller.kind === 'function' ? caller.onBehalfOf : undefined
}
