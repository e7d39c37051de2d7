/** Who uses which file. A reference is a derived id, so attaching and detaching may be repeated. */
import { command, derivedId, refuse, type Tx } from '../_kernel/index.ts'
import { assertUsable, findMediaId, KEEP_UNUSED_MS, MAX_REFS, type Media } from './model.ts'
import type { PolicyName } from './policies.ts'
import { mediaFiles } from './store.ts'

export interface Use {
  fileIds: readonly string[]
  /** What uses them: `post/pst_1`. */
  subject: string
}

/**
 * Notes, in the transaction that begins to use files, that they are used: the cleaner then leaves them alone. Refuses
 * NOT_FOUND for files that are not `ownerId`'s or were uploaded for something else, MEDIA_STATE for those that were
 * rejected or are being removed. Two database requests for each file.
 */
export async function attachMedia(
  tx: Tx,
  use: Use & { ownerId: string; policy: PolicyName },
): Promise<Media[]> {
  const ref = derivedId('ref', use.subject)
  const attached: Media[] = []
  for (const fileId of new Set(use.fileIds)) {
    const mediaId = findMediaId(fileId) ?? refuse('NOT_FOUND', { fileId })
    const media = assertUsable(await tx.find(mediaFiles, mediaId), fileId)
    if (media._openid !== use.ownerId || media.policy !== use.policy) refuse('NOT_FOUND', { fileId })
    if (!media.refs.includes(ref)) {
      if (media.refs.length >= MAX_REFS) refuse('MEDIA_STATE', { uses: MAX_REFS })
      await tx.update(mediaFiles, mediaId, { refs: command.addToSet(ref) })
    }
    attached.push(media)
  }
  return attached
}

/** The counterpart, in the transaction that ends the use. A file that nobody uses any more goes after a day. */
export async function detachMedia(tx: Tx, use: Use): Promise<void> {
  const ref = derivedId('ref', use.subject)
  for (const fileId of new Set(use.fileIds)) {
    const mediaId = findMediaId(fileId)
    const media = mediaId === undefined ? undefined : await tx.find(mediaFiles, mediaId)
    if (!media?.refs.includes(ref)) continue
    const refs = media.refs.filter((one) => one !== ref)
    const isUnused = refs.length === 0 && media.state !== 'rejected'
    await tx.update(mediaFiles, media._id, {
      refs,
      ...(isUnused ? { sweepAtMs: tx.context.clock.nowMs() + KEEP_UNUSED_MS } : {}),
    })
  }
}
