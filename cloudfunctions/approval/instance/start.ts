import * as z from 'zod'
import { defineRoute, refuse } from '../../_kernel/index.ts'
import { checkForm, type Form, fieldName } from '../definition/form.ts'
import type { Content } from '../definition/model.ts'
import { definitionKey, nodeId, userId } from '../definition/model.ts'
import { getOpenDefinition, readFlow } from '../definition/store.ts'
import { drive } from './drive.ts'

const formInput = z.record(fieldName, z.unknown()).refine((form) => Object.keys(form).length <= 50)
const chosenInput = z
  .record(nodeId, z.array(userId).max(20))
  .refine((nodes) => Object.keys(nodes).length <= 100)

/** What is filled in, as `start` and `resubmit` take it. */
export const filledIn = { form: formInput, chosen: chosenInput.default({}) }

/** `approval/start`: sends a filled-in form on its way. */
export const start = defineRoute({
  summary: 'Begins an approval',
  input: z.strictObject({
    key: definitionKey,
    /** As `approval/form` gave it: a form that was filled in for an older version is refused. */
    version: z.int().min(1).optional(),
    ...filledIn,
    title: z.string().trim().min(1).max(80).optional(),
    comment: z.string().trim().max(500).optional(),
  }),
  access: 'user',
  idempotent: 'once',
  rateLimit: { limit: 30, perMs: 60_000 },

  async handle({ key, version: filledFor, form: values, chosen, title, comment }, ctx) {
    const { userId: initiator } = ctx
    const definition = await getOpenDefinition(ctx, key)
    const { version } = definition
    if (filledFor !== undefined && filledFor !== version) refuse('STALE', { key, version })
    const { content } = await readFlow(ctx, key, version)
    const form = assertForm(content, values)
    const instanceId = ctx.ids.next('apv')
    const facts = { instanceId, initiator, definitionKey: key, version, form, chosen }
    const action = {
      kind: 'begin' as const,
      ...facts,
      title: title ?? definition.title,
      parent: null,
      depth: 0,
    }
    return ctx.once(async (tx) => {
      const { instance } = await drive(tx, undefined, { action, by: initiator, comment })
      return { instanceId, status: instance.status, revision: instance.revision }
    })
  },
})

/** Refuses INVALID_INPUT with every field that does not fit. */
export function assertForm({ fields }: Content, values: unknown): Form {
  const { form, issues } = checkForm(fields, values)
  return form ?? refuse('INVALID_INPUT', { issues })
}
