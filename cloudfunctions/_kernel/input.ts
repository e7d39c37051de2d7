import * as z from 'zod'

/**
 * Schemas that stand in many places are made once: making them is a good part of what a cold start costs.
 */
export const text = z.string()

/** An id that a caller names. */
export const idInput = z.string().min(1).max(64)
