import * as z from 'zod'
import { defineRoute, refuse } from '../../_kernel/index.ts'
import { isMessageCode, kindOf } from '../kinds.ts'
import { fieldName } from './model.ts'
import { forgetTemplates, templates } from './store.ts'

/** notification/saveTemplate: which WeChat template sends a kind of message, and what fills its fields. */
export const saveTemplate = defineRoute({
  summary: 'Connect a kind of message with a WeChat template',
  input: z.object({
    code: z.string().max(64),
    wechatTemplateId: z.string().regex(/^[\w-]{10,64}$/, 'as the WeChat console shows it'),
    fields: z.record(fieldName, z.string().max(40)).refine((fields) => {
      const count = Object.keys(fields).length
      return count >= 1 && count <= 5
    }, 'a template has one to five fields'),
    enabled: z.boolean().default(true),
  }),
  access: 'notification:manage',
  audit: { action: 'template.save', subject: ({ code }) => `template/${code}` },

  async handle({ code, wechatTemplateId, fields, enabled }, ctx) {
    if (!isMessageCode(code)) refuse('TEMPLATE_UNKNOWN', { code })
    const { values } = kindOf(code)
    const unknown = Object.values(fields).filter((name) => !Object.hasOwn(values, name))
    if (unknown.length > 0)
      refuse('INVALID_INPUT', { why: 'no such values', unknown, known: Object.keys(values) })
    const template = { _id: code, wechatTemplateId, fields, enabled, updatedAtMs: ctx.clock.nowMs() }
    await ctx.transaction((tx) => tx.put(templates, template))
    await forgetTemplates(ctx)
    return { code, enabled }
  },
})
