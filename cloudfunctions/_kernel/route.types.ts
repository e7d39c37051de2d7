import * as z from 'zod'
import { defineRoute, type Routes } from './route.ts'

/**
 * What the compiler must refuse of a route; checked by `npm run check`, never run. A `@ts-expect-error` without an error
 * below it is an error itself.
 */
const whole = {
  summary: 'Does something',
  input: z.strictObject({ id: z.string() }),
  access: 'user',
} as const
const handle = async () => 'done'

defineRoute({ ...whole, handle })
// @ts-expect-error who may call it is not declared
defineRoute({ summary: whole.summary, input: whole.input, handle })
// @ts-expect-error not a way to say who may call
defineRoute({ ...whole, access: 'everyone', handle })
// @ts-expect-error what it takes is not declared
defineRoute({ summary: whole.summary, access: whole.access, handle })
// @ts-expect-error what it does is not said
defineRoute({ input: whole.input, access: whole.access, handle })
// @ts-expect-error it takes no such field
defineRoute({ ...whole, handle: async ({ other }) => other })

export const table = {
  // @ts-expect-error a table takes no route without a declaration either
  bare: { summary: whole.summary, input: whole.input, handle },
} satisfies Routes
