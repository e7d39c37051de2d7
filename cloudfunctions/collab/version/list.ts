import * as z from 'zod'
import { defineRoute } from '../../_kernel/index.ts'
import { documentId } from '../input.ts'
import { MAX_VERSIONS } from '../model.ts'
import { getDocument, versions } from '../store.ts'

/** collab/versions: the named states of a document, newest first; a document has few enough for one page. */
export const listVersions = defineRoute({
  summary: 'The named versions of a document',
  input: z.strictObject({ documentId }),
  access: 'user',

  async handle({ documentId: id }, ctx) {
    await getDocument(ctx, id, 'viewer')
    const found = await ctx.db.query(versions, {
      where: { documentId: id },
      orderBy: [['savedAtMs', 'desc']],
      limit: 2 * MAX_VERSIONS,
    })
    return {
      items: found.map(({ _id, name, seq, bytes, savedBy, savedAtMs }) => ({
        versionId: _id,
        name,
        seq,
        bytes,
        savedBy,
        savedAtMs,
      })),
    }
  },
})
