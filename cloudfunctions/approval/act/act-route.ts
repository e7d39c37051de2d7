import * as z from 'zod'
import { type Context, defineRoute, idInput, type Permission, refuse } from '../../_kernel/index.ts'
import { drive } from '../instance/drive.ts'
import { instances } from '../instance/store.ts'
import type { Action } from '../machine/command.ts'

const baseInput = { instanceId: idInput, comment: z.string().trim().max(500).optional() }
/** A task's number in its approval, as lists and details give it. */
export const taskId = z.int().min(1).max(1_000_000)

type InputOf<S extends z.ZodRawShape> = z.ZodObject<Omit<typeof baseInput, keyof S> & S, z.core.$strict>

/**
 * A route by which people act on an approval. The machine decides who may and when; here is what all of them have in
 * common: a stranger learns nothing, a repeat gets the first reply, and the action is one transaction.
 */
export function actRoute<S extends z.ZodRawShape>(options: {
  summary: string
  input: S
  /** Acts for the organisation, on approvals that are not theirs. */
  operator?: Permission
  action(input: z.output<InputOf<S>>, ctx: Context): Action | Promise<Action>
}) {
  const { summary, operator } = options
  // The type of a spread of two shapes is theirs together.
  const input = z.strictObject({ ...baseInput, ...options.input }) as InputOf<S>
  return defineRoute({
    summary,
    input,
    access: operator ?? 'user',
    idempotent: 'once',
    rateLimit: { limit: 60, perMs: 60_000 },

    async handle(given: z.output<InputOf<S>>, ctx) {
      // Every input has the base fields; a generic shape hides them.
      const { instanceId, comment } = given as { instanceId: string; comment?: string }
      const action = await options.action(given, ctx)
      const deed = { action, by: ctx.userId, asOperator: operator !== undefined, comment }
      return ctx.once(async (tx) => {
        const before = await tx.find(instances, instanceId)
        if (!before || !(operator || before.people.includes(ctx.userId)))
          return refuse('NOT_FOUND', { instanceId })
        const { instance } = await drive(tx, before, deed)
        return { instanceId, status: instance.status, revision: instance.revision }
      })
    },
  })
}
