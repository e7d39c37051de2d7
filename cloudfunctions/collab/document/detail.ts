import * as z from 'zod'
import { defineRoute } from '../../_kernel/index.ts'
import { documentId } from '../input.ts'
import { roleOf } from '../model.ts'
import { getDocument } from '../store.ts'

/** collab/detail: what a document is called and who its members are; its content comes by `pull`. */
export const detail = defineRoute({
  summary: 'A shared document and its members',
  input: z.strictObject({ documentId }),
  access: 'user',

  async handle({ documentId: id }, ctx) {
    const document = await getDocument(ctx, id, 'viewer')
    return {
      documentId: id,
      title: document.title,
      role: roleOf(document, ctx.userId),
      members: document.members,
      lastSeq: document.lastSeq,
      createdAtMs: document.createdAtMs,
      updatedAtMs: document.updatedAtMs,
    }
  },
})
