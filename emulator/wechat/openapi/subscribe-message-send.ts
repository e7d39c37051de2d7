import * as z from 'zod'
import { assertOpenid, type OpenApi, OpenApiError } from './api.ts'

/** `subscribeMessage.send`: one message, if the user allowed this template and has not been sent it since. */
export const subscribeMessageSend: OpenApi = async (call, ctx) => {
  const openid = assertOpenid(call.arguments.touser)
  const templateId = call.arguments.template_id
  if (typeof templateId !== 'string' || templateId === '')
    throw new OpenApiError(40037, 'invalid template_id')
  const data = parseData(call.arguments.data)
  const sent = await ctx.subscriptions.send({
    openid,
    templateId,
    data,
    page: optionalText(call.arguments.page, 'page'),
    miniprogramState: optionalText(call.arguments.miniprogram_state, 'miniprogram_state') ?? 'formal',
    lang: optionalText(call.arguments.lang, 'lang') ?? 'zh_CN',
    functionName: call.functionName,
  })
  if (!sent) throw new OpenApiError(43101, 'user refuse to accept the msg')
  return {}
}

const dataSchema = z.record(z.string(), z.object({ value: z.union([z.string(), z.number()]) }))

function parseData(given: unknown): Record<string, { value: string }> {
  const parsed = dataSchema.safeParse(given)
  if (!parsed.success) {
    const path = parsed.error.issues[0]?.path.join('.') ?? ''
    throw new OpenApiError(47003, `argument invalid! data${path === '' ? '' : `.${path}`} invalid`)
  }
  const entries = Object.entries(parsed.data).map(([key, { value }]) => [key, { value: `${value}` }] as const)
  if (entries.length === 0) throw new OpenApiError(47003, 'argument invalid! data is empty')
  for (const [key, { value }] of entries) assertValue(key, value)
  return Object.fromEntries(entries)
}

function assertValue(key: string, value: string): void {
  // The platform spells it so (its own error text).
  if (value.trim() === '') throw new OpenApiError(47003, `argument invalid! data.${key}.value is emtpy`)
  const rule = VALUE_RULES[key.replace(/\d+$/, '')]
  if (rule && !rule.test(value)) throw new OpenApiError(47003, `argument invalid! data.${key}.value invalid`)
}

/** Per kind of keyword, as the manual page of subscribeMessage.send limits its value; unknown kinds pass. */
const VALUE_RULES: Record<string, RegExp> = {
  thing: /^.{1,20}$/su,
  number: /^-?\d{1,32}(\.\d{1,32})?$/,
  letter: /^[A-Za-z]{1,32}$/,
  symbol: /^[^\p{L}\p{N}]{1,5}$/u,
  character_string: /^[\x20-\x7e]{1,32}$/,
  amount: /^[^\d\s]{0,3}\d{1,10}(\.\d{1,2})?[^\d\s]{0,1}$/u,
  phone_number: /^[\d+\-() ]{1,17}$/,
  car_number: /^.{1,8}$/su,
  name: /^(.{1,10}|[A-Za-z\p{P}\p{S} ]{1,20})$/su,
  phrase: /^\p{Script=Han}{1,5}$/u,
}

function optionalText(value: unknown, key: string): string | undefined {
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value !== 'string') throw new OpenApiError(47003, `argument invalid! ${key} invalid`)
  return value
}
