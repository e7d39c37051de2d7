import * as z from 'zod'
import { defineRoute, refuse } from '../../_kernel/index.ts'
import { settings } from '../definitions.ts'
import { changeTuning, without } from './change.ts'

/** ops/setSetting: in force in every instance within a minute; without a value the default is again. */
export const setSetting = defineRoute({
  summary: 'Change a setting, or take it back to its default',
  input: z.strictObject({
    name: z.string().max(40),
    /** Of the setting's own shape. */
    value: z.unknown().optional(),
    /** As `ops/listSettings` gave it. */
    version: z.int().min(0),
  }),
  access: 'ops:settings',
  whileClosed: true,
  audit: { action: 'settings.set', subject: ({ name }) => `setting/${name}` },

  async handle({ name, value, version }, ctx) {
    const setting = settings.find((known) => known.name === name) ?? refuse('SETTING_UNKNOWN', { name })
    if (value === undefined) {
      return changeTuning(ctx, version, ({ settings }) => ({ settings: without(settings, name) }))
    }
    const parsed = setting.schema.safeParse(value)
    if (!parsed.success) {
      const [issue] = parsed.error.issues
      return refuse('INVALID_INPUT', { name, path: issue?.path.join('.'), why: issue?.message })
    }
    return changeTuning(ctx, version, ({ settings }) => ({ settings: { ...settings, [name]: parsed.data } }))
  },
})
