import { type Context, command, defineConsumer } from '../_kernel/index.ts'
import { userDeleted } from '../user/public.ts'
import { type CollabDocument, type Member, setRole, withMembers } from './model.ts'
import { documents, presence, versions } from './store.ts'

const AT_ONCE = 50

/**
 * Takes a deleted user out of every document. One that they owned goes to the member who may edit and joined first, or,
 * if nobody is left, is removed. What they wrote stays: it is the others' document.
 */
export const leaveOnUserDeleted = defineConsumer(
  'collab.leave-documents',
  userDeleted,
  async ({ payload: { userId } }, ctx) => {
    await ctx.db.removeMany(presence, { userId })
    await ctx.db.updateMany(versions, { savedBy: userId }, { savedBy: '' })
    for (;;) {
      const shared = await ctx.db.query(documents, {
        where: { memberIds: command.in([userId]) },
        limit: AT_ONCE,
      })
      for (const { _id } of shared) await leave(ctx, _id, userId)
      if (shared.length < AT_ONCE) return
    }
  },
)

async function leave(ctx: Context, documentId: string, userId: string): Promise<void> {
  await ctx.transaction(async (tx) => {
    const document = await tx.find(documents, documentId)
    if (!document?.memberIds.includes(userId)) return
    const members = withoutUser(document, userId)
    await tx.update(documents, documentId, {
      ...withMembers(members),
      ...(members.length === 0 ? { invites: [], removedAtMs: ctx.clock.nowMs() } : {}),
    })
  })
}

function withoutUser({ members }: CollabDocument, userId: string): Member[] {
  const rest = members.filter((one) => one.userId !== userId)
  const isOwned = rest.some(({ role }) => role === 'owner')
  const heir = rest.find(({ role }) => role === 'editor') ?? rest[0]
  return isOwned || !heir ? rest : setRole(rest, { ...heir, role: 'owner' })
}
