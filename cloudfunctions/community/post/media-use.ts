/** How `media` is told which of its pictures posts and drafts have: only one's own can be had, and they stay as long. */
export function mediaUse(kind: 'post' | 'draft', id: string, ownerId: string, fileIds: readonly string[]) {
  return { fileIds, subject: `${kind}/${id}`, ownerId, policy: 'post' as const }
}
