import * as z from 'zod'
import { type Context, command, defineRoute, idInput } from '../../_kernel/index.ts'
import { readFlow } from '../definition/store.ts'
import { history, instances } from '../instance/store.ts'
import { advance } from '../machine/advance.ts'
import { commandSchema } from '../machine/command.ts'
import type { Instance } from '../machine/state.ts'

/** `approval/verify`: replays the history from the first entry and compares with what is stored. */
export const verify = defineRoute({
  summary: 'Replays the history of an approval and compares it with its state',
  input: z.strictObject({ instanceId: idInput }),
  access: 'approval:read',

  async handle({ instanceId }, ctx) {
    const stored = await ctx.db.get(instances, instanceId)
    const replayed = await replay(ctx, stored)
    return { instanceId, revision: stored.revision, isSound: isSame(replayed, stored) }
  },
})

async function replay(ctx: Context, stored: Instance): Promise<Instance | undefined> {
  const flow = await readFlow(ctx, stored.definitionKey, stored.version)
  let instance: Instance | undefined
  while ((instance?.revision ?? 0) < stored.revision) {
    const from = instance?.revision ?? 0
    const entries = await ctx.db.query(history, {
      where: { instanceId: stored._id, revision: command.gt(from) },
      orderBy: [['revision', 'asc']],
      limit: 100,
    })
    for (const entry of entries) {
      const step = advance(flow, instance, commandSchema.parse(entry))
      if (step.question || entry.revision !== step.instance.revision) return undefined
      instance = step.instance
    }
    if (entries.length === 0) return undefined
  }
  return instance
}

/** The database keeps fields in an order of its own. */
function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other))
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, part]) => [key, sorted(part)]),
  )
}
