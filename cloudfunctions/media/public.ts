/** What other capabilities may use of `media`. Everything here works inside the caller's own function. */
import type { Consumer, Context } from '../_kernel/index.ts'
import { isShown, type MediaState } from './model.ts'
import { forgetOnUserDeleted } from './on-user-deleted.ts'
import { addressesOf } from './storage.ts'
import { findByFileIds } from './store.ts'

export { retryChecks } from './check/ask.ts'
export { sweepMedia } from './cleaning/sweep.ts'
export { mediaChecked } from './events.ts'
export type { PolicyName } from './policies.ts'
export { exportUser } from './privacy.ts'
export { attachMedia, detachMedia } from './references.ts'

/** What has become of files; one database request. Ids that did not come from `media` are missing. */
export async function mediaStates(
  ctx: Context,
  fileIds: readonly string[],
): Promise<Map<string, { state: MediaState; isShown: boolean }>> {
  const found = await findByFileIds(ctx, fileIds)
  return new Map(
    [...found].map(([fileId, media]) => [fileId, { state: media.state, isShown: isShown(media) }]),
  )
}

/** Addresses of at most 50 files, private ones too: the caller has decided who may see them. */
export function mediaUrls(ctx: Context, fileIds: readonly string[]): Promise<Map<string, string>> {
  return addressesOf(ctx, fileIds)
}

/** How this capability reacts to events; listed in `_events/subscriptions.ts`. */
export const consumers: Consumer[] = [forgetOnUserDeleted]
