import * as z from 'zod'
import { defineRoute, runtimeSettings } from '../../_kernel/index.ts'
import { flags, settings } from '../definitions.ts'

/** ops/listSettings: all settings and flags with what is in force, and the version that a change must name. */
export const listSettings = defineRoute({
  summary: 'All settings and flags, and what is in force',
  input: z.strictObject({}),
  access: 'ops:settings',
  whileClosed: true,

  async handle(_input, ctx) {
    const stored = await ctx.db.find(runtimeSettings, 'all')
    return {
      version: stored?.version ?? 0,
      settings: settings.map(({ name, summary, otherwise }) => {
        const value = stored?.settings[name]
        return { name, summary, value: value ?? otherwise, otherwise, isSet: value !== undefined }
      }),
      flags: flags.map(({ name, summary }) => ({
        name,
        summary,
        ...(stored?.flags[name] ?? { percent: 0, userIds: [] }),
      })),
    }
  },
})
