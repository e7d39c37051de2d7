import * as z from 'zod'
import { command, defineRoute } from '../../_kernel/index.ts'
import { documentId } from '../input.ts'
import { withMembers } from '../model.ts'
import { documents, getDocument } from '../store.ts'

/** collab/remove: at once nobody is a member any more; the content goes when the cleaner comes (`clean.ts`). */
export const remove = defineRoute({
  summary: 'Remove a shared document of mine',
  input: z.strictObject({ documentId }),
  access: 'user',

  async handle({ documentId: id }, ctx) {
    const { userId } = ctx
    await getDocument(ctx, id, 'owner')
    const removed = await ctx.db.updateIf(
      documents,
      id,
      // Whoever has passed the document on in the meantime removes it no more.
      { members: command.elemMatch({ userId, role: 'owner' }) },
      { ...withMembers([]), invites: [], removedAtMs: ctx.clock.nowMs() },
    )
    return { documentId: id, removed }
  },
})
