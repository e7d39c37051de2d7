import * as z from 'zod'
import { defineRoute } from '../../_kernel/index.ts'
import { isMessageCode, kindOf } from '../kinds.ts'
import { quotaId, quotas } from './quota.ts'
import { readTemplates } from './store.ts'

/** notification/subscribable: the template ids to hand to `wx.requestSubscribeMessage`, and what the caller has left. */
export const subscribable = defineRoute({
  summary: 'Subscribe messages that I can accept',
  input: z.object({}),
  access: 'user',

  async handle(_input, ctx) {
    const enabled = [...(await readTemplates(ctx)).values()].filter((template) => template.enabled)
    const mine = await ctx.db.findMany(
      quotas,
      enabled.map(({ _id }) => quotaId(ctx.userId, _id)),
    )
    const remaining = new Map(mine.map((quota) => [quota.code, quota.remaining]))
    return {
      items: enabled.map(({ _id, wechatTemplateId }) => ({
        templateCode: _id,
        title: isMessageCode(_id) ? kindOf(_id).title : _id,
        wechatTemplateId,
        remaining: remaining.get(_id) ?? 0,
      })),
    }
  },
})
