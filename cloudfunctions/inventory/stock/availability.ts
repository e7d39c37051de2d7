import * as z from 'zod'
import { defineRoute } from '../../_kernel/index.ts'
import { availability as availabilityOf } from '../public.ts'
import { skuIdInput } from './input.ts'

export const availability = defineRoute({
  summary: 'How many units of each SKU can be bought',
  input: z.object({ skuIds: z.array(skuIdInput).min(1).max(100) }),
  access: 'public',

  async handle({ skuIds }, ctx) {
    const available = await availabilityOf(ctx, [...new Set(skuIds)])
    return { items: [...available].map(([skuId, units]) => ({ skuId, available: units })) }
  },
})
