/** Where definitions are kept: one document to work on, and one for each version that was ever published. */
import * as z from 'zod'
import { type Context, collection, defineCache, refuse, text } from '../../_kernel/index.ts'
import { type Flow, flowOf } from './graph.ts'
import { contentSchema } from './model.ts'

export const definitions = collection(
  'approval_definitions',
  z.object({
    /** The key. */
    _id: text,
    title: text,
    draft: contentSchema,
    /** The latest; 0 before the first. */
    version: z.int(),
    /** May new approvals begin? What runs goes on either way. */
    isOpen: z.boolean(),
    revision: z.int(),
    updatedAtMs: z.int(),
    updatedBy: text,
  }),
)
export type Definition = ReturnType<typeof definitions.parse>

/** Never changed and never removed: instances keep the version that they began with. */
export const versions = collection(
  'approval_versions',
  z.object({
    /** `leave@3` */
    _id: text,
    key: text,
    version: z.int(),
    content: contentSchema,
    publishedAtMs: z.int(),
    publishedBy: text,
  }),
)
export type Version = ReturnType<typeof versions.parse>

const flowCache = defineCache<Flow>({ name: 'approval-flows', ttlMs: 3_600_000, max: 100 })

export function versionId(key: string, version: number): string {
  return `${key}@${version}`
}

/** The flow that an instance keeps; read once per instance of the function. */
export function readFlow(ctx: Context, key: string, version: number): Promise<Flow> {
  const id = versionId(key, version)
  return flowCache.get(ctx, id, async () => flowOf((await ctx.db.get(versions, id)).content))
}

/** What a new approval begins with. Refuses DEFINITION_CLOSED. */
export async function getOpenDefinition(ctx: Context, key: string): Promise<Definition> {
  const definition = await ctx.db.find(definitions, key)
  if (!definition || definition.version === 0 || !definition.isOpen)
    return refuse('DEFINITION_CLOSED', { key })
  return definition
}
