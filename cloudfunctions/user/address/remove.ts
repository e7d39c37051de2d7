import * as z from 'zod'
import { defineRoute } from '../../_kernel/index.ts'
import { addressId, withoutEntry } from './book.ts'
import { changeBook } from './store.ts'

/** user/removeAddress: a second removal changes nothing and succeeds. */
export const removeAddress = defineRoute({
  summary: 'Remove one of my delivery addresses',
  input: z.object({ addressId }),
  access: 'user',

  async handle({ addressId: id }, ctx) {
    const nowMs = ctx.clock.nowMs()
    const book = await changeBook(ctx, (before) => withoutEntry(before, id, nowMs))
    return { defaultAddressId: book.defaultId }
  },
})
