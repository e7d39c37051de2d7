import type { Context, Tx } from '../../_kernel/index.ts'
import { assertRole, type CollabDocument, isLessened, type Member, type Role, withMembers } from '../model.ts'
import { documents } from '../store.ts'

/**
 * Changes the members of a document in a transaction. When somebody else is sent away or may do less from then on, the
 * invitations end: they may have one, and would be back by it. @param least what the caller must be.
 */
export function changeMembers(
  ctx: Context,
  documentId: string,
  least: Role,
  change: (document: CollabDocument) => Member[],
): Promise<Member[]> {
  return ctx.transaction(async (tx) => {
    const document = assertRole(await tx.find(documents, documentId), ctx.userId, least)
    const members = await putMembers(tx, document, change(document))
    if (isLessened(document, members, ctx.userId)) await tx.update(documents, documentId, { invites: [] })
    return members
  })
}

export async function putMembers(tx: Tx, document: CollabDocument, members: Member[]): Promise<Member[]> {
  await tx.update(documents, document._id, withMembers(members))
  return members
}
