import { type Context, collection, defineCache } from '../../_kernel/index.ts'
import { type Template, templateSchema } from './model.ts'

export const templates = collection('message_templates', templateSchema)

const ALL = 'all'
const TEMPLATES_MAX = 200
const templateCache = defineCache<ReadonlyMap<string, Template>>({
  name: 'message-templates',
  ttlMs: 60_000,
  max: 1,
  shared: true,
})

export function readTemplates(ctx: Context): Promise<ReadonlyMap<string, Template>> {
  return templateCache.get(ctx, ALL, async () => {
    const all = await ctx.db.query(templates, { orderBy: [['_id', 'asc']], limit: TEMPLATES_MAX })
    return new Map(all.map((template) => [template._id, template]))
  })
}

export async function findEnabledTemplate(ctx: Context, code: string): Promise<Template | undefined> {
  const template = (await readTemplates(ctx)).get(code)
  return template?.enabled ? template : undefined
}

export function forgetTemplates(ctx: Context): Promise<void> {
  return templateCache.invalidate(ctx, ALL)
}
