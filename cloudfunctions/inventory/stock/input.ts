import * as z from 'zod'
import { idInput } from '../../_kernel/index.ts'

export const skuIdInput = idInput
/** Enough for any warehouse, and far from where numbers become inexact. */
export const quantityInput = z.int().min(1).max(1_000_000)
