import * as z from 'zod'
import { defineRoute } from '../_kernel/index.ts'
import { saleIdInput } from './input.ts'
import { endSale } from './store.ts'

export const cancel = defineRoute({
  summary: 'Calls a sale off, whether it runs or not; orders that exist stay',
  input: z.object({ saleId: saleIdInput }),
  access: 'flashsale:manage',
  audit: { action: 'flashsale.cancel', subject: ({ saleId }) => saleId },

  async handle({ saleId }, ctx) {
    const { status } = await endSale(ctx, saleId, 'cancel')
    return { saleId, status }
  },
})
