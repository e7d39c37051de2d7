import * as z from 'zod'
import { defineRoute } from '../../_kernel/index.ts'
import { kindOf, messageCodes } from '../kinds.ts'
import { readTemplates } from './store.ts'

/** notification/templates: every kind of message, with the template that sends it if an operator has named one. */
export const templates = defineRoute({
  summary: 'Kinds of messages and their WeChat templates',
  input: z.object({}),
  access: 'notification:manage',

  async handle(_input, ctx) {
    const stored = await readTemplates(ctx)
    return {
      items: messageCodes.map((code) => {
        const { title, values } = kindOf(code)
        const template = stored.get(code)
        return {
          code,
          title,
          values,
          wechatTemplateId: template?.wechatTemplateId ?? null,
          fields: template?.fields ?? {},
          enabled: template?.enabled ?? false,
        }
      }),
    }
  },
})
