import * as z from 'zod'
import { defineRoute, idInput, refuse } from '../../_kernel/index.ts'
import { documentId } from '../input.ts'
import { partId } from '../log/parts.ts'
import { getDocument, parts, versions } from '../store.ts'

/** collab/readVersion: what a version holds, part by part, to be looked at before it is restored. */
export const readVersion = defineRoute({
  summary: 'The content of a named version',
  input: z.strictObject({ documentId, versionId: idInput, part: z.int().min(0).max(100).default(0) }),
  access: 'user',

  async handle({ documentId: id, versionId, part }, ctx) {
    await getDocument(ctx, id, 'viewer')
    const version = await ctx.db.get(versions, versionId)
    if (version.documentId !== id) refuse('NOT_FOUND', { versionId })
    const { data } = await ctx.db.get(parts, partId(versionId, part))
    return { versionId, name: version.name, part, parts: version.parts, data }
  },
})
