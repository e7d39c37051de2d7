import * as z from 'zod'
import { defineEvent } from '../_kernel/index.ts'

/** What can be bought of a SKU fell to its mark. Told once per fall. */
export const stockLow = defineEvent(
  'stock.low',
  z.object({ skuId: z.string(), available: z.int(), lowAt: z.int() }),
)
