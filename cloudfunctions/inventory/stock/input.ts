import * as z from 'zod'

export const skuIdInput = z.string().min(1).max(64)
/** Enough for any warehouse, and far from where numbers become inexact. */
export const quantityInput = z.number().int().min(1).max(1_000_000)
