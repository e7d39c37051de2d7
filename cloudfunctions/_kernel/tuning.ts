import { createHash } from 'node:crypto'
import * as z from 'zod'
import type { Context } from './context.ts'
import { collection } from './data/collection.ts'
import { text } from './input.ts'
import { defineCache } from './reliability/cache.ts'

/** A value that operators may change while functions run; whoever uses it declares it once. */
export interface Setting<T> {
  readonly name: string
  readonly summary: string
  readonly schema: z.ZodType<T>
  readonly otherwise: T
}

/** A switch that operators turn on for some users, for a share of them, or for all. Off until then. */
export interface Flag {
  readonly name: string
  readonly summary: string
}

export const flagRule = z.strictObject({
  /** Of all users, always the same ones while it grows. */
  percent: z.number().min(0).max(100),
  /** On for these, whatever the share. */
  userIds: z.array(z.string().min(1).max(64)).max(200),
})
export type FlagRule = z.output<typeof flagRule>

/** All that operators have set: one document, `all`, so that an instance reads it with one request. */
export const runtimeSettings = collection(
  'runtime_settings',
  z.object({
    _id: text,
    settings: z.record(text, z.unknown()),
    flags: z.record(text, flagRule),
    version: z.int(),
    updatedAtMs: z.int(),
  }),
)

export function defineSetting<S extends z.ZodType>(
  name: string,
  summary: string,
  schema: S,
  otherwise: z.output<S>,
): Setting<z.output<S>> {
  // A schema that gives `z.output<S>` is what this asks for; the compiler keeps the input type apart.
  return { name, summary, schema: schema as unknown as z.ZodType<z.output<S>>, otherwise }
}

export function defineFlag(name: string, summary: string): Flag {
  return { name, summary }
}

export async function readSetting<T>(ctx: Context, setting: Setting<T>): Promise<T> {
  const { settings } = await readAll(ctx)
  if (!Object.hasOwn(settings, setting.name)) return setting.otherwise
  const parsed = setting.schema.safeParse(settings[setting.name])
  if (parsed.success) return parsed.data
  // Set before a deployment that asks for more: the code's own word counts until an operator sets it again.
  ctx.log.warn({ setting: setting.name }, 'a stored setting is not valid any more')
  return setting.otherwise
}

export async function isSwitchedOn(ctx: Context, flag: Flag, userId: string | undefined): Promise<boolean> {
  const { flags } = await readAll(ctx)
  const rule = Object.hasOwn(flags, flag.name) ? flags[flag.name] : undefined
  if (!rule) return false
  if (rule.percent === 100) return true
  if (userId === undefined) return false
  return rule.userIds.includes(userId) || shareOf(flag.name, userId) < rule.percent
}

/** After a change, so that the operator's own instance shows it at once; the others within `TTL_MS`. */
export async function forgetTuning(ctx: Context): Promise<void> {
  await cache.invalidate(ctx, ALL)
}

const ALL = 'all'
/** A minute is promised from the change to its effect, and reading takes a moment too. */
const TTL_MS = 55_000
const cache = defineCache<Pick<ReturnType<typeof runtimeSettings.parse>, 'settings' | 'flags'>>({
  name: 'runtime-settings',
  ttlMs: TTL_MS,
  max: 1,
})

function readAll(ctx: Context) {
  return cache.get(
    ctx,
    ALL,
    async () => (await ctx.db.find(runtimeSettings, ALL)) ?? { settings: {}, flags: {} },
  )
}

/** From 0 to under 100, evenly, and different for each flag: who gets one early does not get all early. */
function shareOf(flag: string, userId: string): number {
  const digest = createHash('sha256').update(`${flag}\u0000${userId}`).digest()
  return (digest.readUInt32BE(0) / 2 ** 32) * 100
}
