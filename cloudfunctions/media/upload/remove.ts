import * as z from 'zod'
import { defineRoute, idInput, refuse } from '../../_kernel/index.ts'
import { discard } from '../cleaning/discard.ts'
import { getOwnMedia } from '../store.ts'

/** media/remove: a file of the caller's that nothing uses. It may be in use again the next moment, so the write decides. */
export const remove = defineRoute({
  summary: 'Remove a file of mine that is not in use',
  input: z.strictObject({ mediaId: idInput }),
  access: 'user',

  async handle({ mediaId }, ctx) {
    const media = await getOwnMedia(ctx, mediaId)
    if (!(await discard(ctx, media))) refuse('MEDIA_IN_USE', { mediaId })
    return { mediaId }
  },
})
