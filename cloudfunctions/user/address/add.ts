import { assertSameRequest, defineRoute, derivedId } from '../../_kernel/index.ts'
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
    const request = { id: addressId, requestHash: ctx.requestHash }
    await changeBook(ctx, (book) => {
      const earlier = book.entries.find(({ _id }) => _id === addressId)
      if (!earlier) return withAdded(book, request, input, nowMs)
      assertSameRequest(ctx, earlier.requestHash)
      return book
    })
    return { addressId }
  },
})
