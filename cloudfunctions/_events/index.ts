import type { Consumer } from '../_kernel/index.ts'

/** `subscriptions.ts`, read when the first event is emitted: a cold start does not pay for what others do later. */
export async function subscriptions(): Promise<readonly Consumer[]> {
  const { consumers } = await import('./subscriptions.ts')
  return consumers
}
