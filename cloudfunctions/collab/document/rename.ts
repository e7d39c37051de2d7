import * as z from 'zod'
import { command, defineRoute } from '../../_kernel/index.ts'
import { documentId, title } from '../input.ts'
import { documents, getDocument } from '../store.ts'

/** collab/rename: sets a value, so a repeat changes nothing. */
export const rename = defineRoute({
  summary: 'Rename a shared document',
  input: z.strictObject({ documentId, title }),
  access: 'user',

  async handle(input, ctx) {
    await getDocument(ctx, input.documentId, 'editor')
    await ctx.db.updateIf(
      documents,
      input.documentId,
      { memberIds: command.in([ctx.userId]) },
      { title: input.title, updatedAtMs: ctx.clock.nowMs() },
    )
    return { documentId: input.documentId, title: input.title }
  },
})
