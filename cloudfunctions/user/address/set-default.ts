import * as z from 'zod'
import { defineRoute } from '../../_kernel/index.ts'
import { addressId, withChanged } from './book.ts'
import { changeBook } from './store.ts'

/** user/setDefaultAddress: exactly one address is the default, because the book names it. */
export const setDefaultAddress = defineRoute({
  summary: 'Choose my default delivery address',
  input: z.object({ addressId }),
  access: 'user',

  async handle({ addressId: id }, ctx) {
    const nowMs = ctx.clock.nowMs()
    const book = await changeBook(ctx, (before) => withChanged(before, id, { isDefault: true }, nowMs))
    return { defaultAddressId: book.defaultId }
  },
})
