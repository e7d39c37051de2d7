import * as z from 'zod'
import { command, defineRoute, pageInput } from '../../_kernel/index.ts'
import { roleOf } from '../model.ts'
import { documents } from '../store.ts'

/** collab/list: the documents that the caller is a member of, the ones changed last first. */
export const list = defineRoute({
  summary: 'The documents that I share in',
  input: z.strictObject(pageInput.shape),
  access: 'user',

  async handle({ cursor, size }, ctx) {
    const page = await ctx.db.page(documents, {
      where: { memberIds: command.in([ctx.userId]) },
      orderBy: ['updatedAtMs', 'desc'],
      cursor,
      size,
    })
    const items = page.items.map((document) => ({
      documentId: document._id,
      title: document.title,
      role: roleOf(document, ctx.userId),
      members: document.members.length,
      lastSeq: document.lastSeq,
      updatedAtMs: document.updatedAtMs,
    }))
    return { items, nextCursor: page.nextCursor }
  },
})
