import * as z from 'zod'

/** How an approval ends. */
export const outcome = z.enum(['approved', 'rejected', 'withdrawn', 'terminated'])
export type Outcome = z.output<typeof outcome>
