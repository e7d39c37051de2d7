/** Fields of a form as data, and the check of what somebody filled in. */
import * as z from 'zod'

export const fieldName = z.string().regex(/^[a-z][A-Za-z0-9]{0,39}$/)
const base = {
  name: fieldName,
  title: z.string().trim().min(1).max(40),
  required: z.boolean().default(true),
}

export const fieldSchema = z.discriminatedUnion('kind', [
  z.strictObject({ ...base, kind: z.literal('text'), maxLength: z.int().min(1).max(2000).default(200) }),
  z.strictObject({
    ...base,
    kind: z.literal('number'),
    min: z.number().default(0),
    max: z.number().default(1_000_000_000),
  }),
  /** In fen. */
  z.strictObject({ ...base, kind: z.literal('money'), maxFen: z.int().min(1).default(100_000_000_000) }),
  z.strictObject({
    ...base,
    kind: z.literal('choice'),
    options: z.array(z.string().min(1).max(40)).min(1).max(50),
  }),
  z.strictObject({ ...base, kind: z.literal('yes-no') }),
  /** `2026-01-05` */
  z.strictObject({ ...base, kind: z.literal('date') }),
  z.strictObject({ ...base, kind: z.literal('user') }),
  z.strictObject({ ...base, kind: z.literal('users'), max: z.int().min(1).max(20).default(10) }),
  z.strictObject({ ...base, kind: z.literal('files'), max: z.int().min(1).max(9).default(9) }),
])
export type Field = z.output<typeof fieldSchema>

export const formValue = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])
export const formSchema = z.record(z.string(), formValue)
export type Form = z.output<typeof formSchema>
export type FormIssue = { field: string; reason: string }

/** What was filled in, if it fits the fields; else what does not. Unknown fields do not fit. */
export function checkForm(
  fields: readonly Field[],
  values: unknown,
): { form: Form; issues: [] } | { form: undefined; issues: FormIssue[] } {
  const shape = Object.fromEntries(
    fields.map((field) => [field.name, field.required ? schemaOf(field) : schemaOf(field).optional()]),
  )
  const parsed = z.strictObject(shape).safeParse(values)
  if (parsed.success) {
    const filled = Object.entries(parsed.data).filter(([, value]) => value !== undefined)
    return { form: formSchema.parse(Object.fromEntries(filled)), issues: [] }
  }
  const issues = parsed.error.issues.map(({ path, message }) => ({ field: path.join('.'), reason: message }))
  return { form: undefined, issues }
}

function schemaOf(field: Field): z.ZodType {
  switch (field.kind) {
    case 'text':
      return z.string().trim().min(1).max(field.maxLength)
    case 'number':
      return z.number().min(field.min).max(field.max)
    case 'money':
      return z.int().min(0).max(field.maxFen)
    case 'choice':
      return z.enum(field.options)
    case 'yes-no':
      return z.boolean()
    case 'date':
      return z.iso.date()
    case 'user':
      return z.string().regex(/^[\w-]{1,64}$/)
    case 'users':
      return z
        .array(z.string().regex(/^[\w-]{1,64}$/))
        .min(1)
        .max(field.max)
    case 'files':
      return z
        .array(z.string().regex(/^cloud:\/\/\S{1,290}$/))
        .min(1)
        .max(field.max)
  }
}
