import * as z from 'zod'

/** An id that a caller names. One schema for all: making a schema is a good part of what a cold start costs. */
export const idInput = z.string().min(1).max(64)
