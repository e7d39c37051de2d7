import * as z from 'zod'
import { defineRoute } from '../_kernel/index.ts'
import { saleIdInput } from './input.ts'
import { endSale } from './store.ts'

export const close = defineRoute({
  summary: 'Ends a published sale before its time; orders that exist stay',
  input: z.object({ saleId: saleIdInput }),
  access: 'flashsale:manage',
  audit: { action: 'flashsale.close', subject: ({ saleId }) => saleId },

  async handle({ saleId }, ctx) {
    const { status } = await endSale(ctx, saleId, 'close')
    return { saleId, status }
  },
})
