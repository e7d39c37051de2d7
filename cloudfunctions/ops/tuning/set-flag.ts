import * as z from 'zod'
import { defineRoute, flagRule, refuse } from '../../_kernel/index.ts'
import { flags } from '../definitions.ts'
import { changeTuning } from './change.ts'

/** ops/setFlag: for a share of users and for some by name; in force in every instance within a minute. */
export const setFlag = defineRoute({
  summary: 'Switch a feature on for a share of users, or for some',
  input: z.strictObject({
    ...flagRule.shape,
    name: z.string().max(40),
    /** As `ops/listSettings` gave it. */
    version: z.int().min(0),
  }),
  access: 'ops:settings',
  whileClosed: true,
  audit: { action: 'flag.set', subject: ({ name, percent }) => `flag/${name} ${percent}%` },

  async handle({ name, percent, userIds, version }, ctx) {
    if (!flags.some((known) => known.name === name)) refuse('SETTING_UNKNOWN', { name })
    const rule = { percent, userIds: [...new Set(userIds)] }
    return changeTuning(ctx, version, ({ flags }) => ({ flags: { ...flags, [name]: rule } }))
  },
})
