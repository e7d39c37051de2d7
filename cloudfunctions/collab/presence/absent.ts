import * as z from 'zod'
import { defineRoute, derivedId } from '../../_kernel/index.ts'
import { clientId, documentId } from '../input.ts'
import { presence } from '../store.ts'

/** collab/absent: the caller's client closes the document. Its own record only, so nobody else can be sent away. */
export const absent = defineRoute({
  summary: 'Say that I have closed a document',
  input: z.strictObject({ documentId, clientId }),
  access: 'user',

  async handle({ documentId: id, clientId }, ctx) {
    return { removed: await ctx.db.remove(presence, derivedId('prs', id, ctx.userId, clientId)) }
  },
})
