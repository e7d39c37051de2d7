import * as z from 'zod'
import { defineRoute } from '../../_kernel/index.ts'
import { addressesIn } from './book.ts'
import { readBook } from './store.ts'

/** user/listAddresses: the caller's delivery addresses, the default first. */
export const listAddresses = defineRoute({
  summary: 'My delivery addresses, the default first',
  input: z.object({}),
  access: 'user',

  async handle(_input, ctx) {
    return { items: addressesIn(await readBook(ctx, ctx.userId)) }
  },
})
