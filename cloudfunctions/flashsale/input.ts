import * as z from 'zod'
import { idInput } from '../_kernel/index.ts'
import { MAX_PER_USER, MAX_UNITS } from './model.ts'

export const saleIdInput = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/)

const day = 86_400_000

/** What an operator decides about a sale. */
export const saleInput = z
  .object({
    title: z.string().trim().min(1).max(60),
    skuId: idInput,
    priceFen: z.int().min(1).max(100_000_000),
    units: z.int().min(1).max(MAX_UNITS),
    perUser: z.int().min(1).max(MAX_PER_USER).default(1),
    opensAtMs: z.int().min(0).max(Number.MAX_SAFE_INTEGER),
    closesAtMs: z.int().min(0).max(Number.MAX_SAFE_INTEGER),
  })
  .refine((sale) => sale.closesAtMs > sale.opensAtMs, 'closes before it opens')
  .refine((sale) => sale.closesAtMs - sale.opensAtMs <= 30 * day, 'lasts longer than 30 days')
