import * as z from 'zod'
import { defineRoute } from '../../_kernel/index.ts'
import { flags } from '../definitions.ts'

/** ops/features: what is switched on for the caller. One database request per instance and minute. */
export const features = defineRoute({
  summary: 'Which features are switched on for me',
  input: z.strictObject({}),
  access: 'user',

  async handle(_input, ctx) {
    const on: Record<string, boolean> = {}
    for (const flag of flags) on[flag.name] = await ctx.flag(flag)
    return { features: on }
  },
})
