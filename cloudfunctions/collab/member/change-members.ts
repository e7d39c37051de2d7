import type { Context, Tx } from '../../_kernel/index.ts'
import { assertRole, type CollabDocument, type Member, type Role, withMembers } from '../model.ts'
import { documents } from '../store.ts'

/** Changes the members of a document in a transaction. @param least what the caller must be; undefined lets anybody. */
export function changeMembers(
  ctx: Context,
  documentId: string,
  least: Role,
  change: (document: CollabDocument) => Member[],
): Promise<Member[]> {
  return ctx.transaction(async (tx) => {
    const document = assertRole(await tx.find(documents, documentId), ctx.userId, least)
    return putMembers(tx, document, change(document))
  })
}

export async function putMembers(tx: Tx, document: CollabDocument, members: Member[]): Promise<Member[]> {
  await tx.update(documents, document._id, withMembers(members))
  return members
}
