import { defineRoute, refuse } from '../../_kernel/index.ts'
import { addressId, addressInput, findIn, withChanged } from './book.ts'
import { changeBook } from './store.ts'

/** user/updateAddress: changes the named fields of one of the caller's addresses. */
export const updateAddress = defineRoute({
  summary: 'Change one of my delivery addresses',
  input: addressInput.partial().extend({ addressId }),
  access: 'user',

  async handle({ addressId: id, ...fields }, ctx) {
    const nowMs = ctx.clock.nowMs()
    const book = await changeBook(ctx, (before) => withChanged(before, id, fields, nowMs))
    return findIn(book, id) ?? refuse('NOT_FOUND', { addressId: id })
  },
})
