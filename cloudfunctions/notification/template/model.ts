import * as z from 'zod'
import { text } from '../../_kernel/index.ts'
import type { MessageValues } from '../kinds.ts'

/** How one kind of message is sent through WeChat: `_id` is the code of the kind. */
export const templateSchema = z.object({
  _id: text,
  wechatTemplateId: text,
  /** Field of the WeChat template -> name of the value that fills it, such as `thing1: 'title'`. */
  fields: z.record(text, text),
  enabled: z.boolean(),
  updatedAtMs: z.int(),
})

export type Template = z.output<typeof templateSchema>

/** The kind of a field is in its name; WeChat refuses longer values (47003) or other characters. */
const lengthLimits: Record<string, number> = {
  thing: 20,
  character_string: 32,
  letter: 32,
  symbol: 5,
  phrase: 5,
  name: 10,
  number: 32,
  car_number: 8,
}

export const fieldName = z.string().regex(/^[a-z_]{2,20}\d{1,2}$/, 'such as thing1 or amount2')

/** What `subscribeMessage.send` takes as `data`. */
export function templateData(
  fields: Template['fields'],
  values: MessageValues,
): Record<string, { value: string }> {
  return Object.fromEntries(
    Object.entries(fields).map(([field, name]) => [field, { value: shortened(field, values[name] ?? '') }]),
  )
}

function shortened(field: string, value: string): string {
  const limit = lengthLimits[field.replace(/\d+$/, '')]
  const characters = [...value]
  if (limit === undefined || characters.length <= limit) return value
  // A cut word says so where there is room for it; a cut number would be another number, and WeChat shall refuse it.
  return field.startsWith('thing') ? `${characters.slice(0, limit - 1).join('')}…` : value
}
