import * as z from 'zod'
import { assertOpenid, type OpenApi, OpenApiError } from './api.ts'

const officialAccountMessage = z.object({
  appid: z.string(),
  template_id: z.string(),
  url: z.string().optional(),
  miniprogram: z.object({ appid: z.string().optional(), pagepath: z.string().optional() }).optional(),
  data: z.record(z.string(), z.object({ value: z.union([z.string(), z.number()]) })),
})

/** `uniformMessage.send`: a template message of an official account that is bound to the mini program. */
export const uniformMessageSend: OpenApi = async (call, ctx) => {
  const openid = assertOpenid(call.arguments.touser)
  const message = officialAccountMessage.safeParse(call.arguments.mp_template_msg)
  if (!message.success) throw new OpenApiError(47001, 'data format error')
  const { appid, template_id: templateId, miniprogram } = message.data
  if (!/^wx\w{16}$/.test(appid)) throw new OpenApiError(40013, 'invalid appid')
  if (templateId === '') throw new OpenApiError(40037, 'invalid template_id')
  if (miniprogram?.appid !== undefined && miniprogram.appid !== ctx.appid)
    throw new OpenApiError(40013, 'invalid appid')
  const data = Object.entries(message.data.data).map(([key, { value }]) => [key, { value: `${value}` }])
  await ctx.subscriptions.record({
    openid,
    templateId,
    data: Object.fromEntries(data),
    page: miniprogram?.pagepath,
    miniprogramState: 'formal',
    lang: 'zh_CN',
    functionName: call.functionName,
    officialAccount: appid,
  })
  return {}
}
