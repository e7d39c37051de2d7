import { defineRoute, derivedId } from '../../_kernel/index.ts'
import { addressInput, withAdded } from './book.ts'
import { changeBook } from './store.ts'

/** user/addAddress: the id comes from the request, so that a repeat finds the address it added. */
export const addAddress = defineRoute({
  summary: 'Add a delivery address (at most 20)',
  input: addressInput,
  access: 'user',
  idempotent: 'derived',

  async handle(input, ctx) {
    const addressId = derivedId('addr', ctx.userId, ctx.requestId)
    const nowMs = ctx.clock.nowMs()
    await changeBook(ctx, (book) => withAdded(book, addressId, input, nowMs))
    return { addressId }
  },
})
