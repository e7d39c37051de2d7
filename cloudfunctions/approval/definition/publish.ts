import * as z from 'zod'
import { type Context, defineRoute, refuse } from '../../_kernel/index.ts'
import { findProblems } from './check.ts'
import type { Problem } from './graph.ts'
import { type Content, definitionKey } from './model.ts'
import { definitions, versionId, versions } from './store.ts'

/** `approval/publishDefinition`: new approvals begin with the draft from now on; what runs keeps its version. */
export const publishDefinition = defineRoute({
  summary: 'Makes the draft the version that new approvals begin with',
  input: z.strictObject({ key: definitionKey, revision: z.int().min(1) }),
  access: 'approval:design',
  audit: { action: 'approval.publish', subject: ({ key }) => key },

  async handle({ key, revision }, ctx) {
    const { draft, revision: checked } = await ctx.db.get(definitions, key)
    const problems = [...findProblems(draft), ...(await problemsOfSubflows(ctx, key, draft))]
    if (problems.length > 0) refuse('DEFINITION_INVALID', { problems })
    const publishedAtMs = ctx.clock.nowMs()
    return ctx.transaction(async (tx) => {
      const before = await tx.get(definitions, key)
      const { version: published } = before
      // A repeat finds what it published.
      const last = published > 0 && before.revision === revision + 1
      if (last && before.updatedAtMs === (await tx.find(versions, versionId(key, published)))?.publishedAtMs)
        return { key, version: published, revision: before.revision }
      // Saved since its draft was checked: what is published would be another one.
      if (before.revision !== checked) refuse('STALE', { key, revision: before.revision })
      const version = published + 1
      const next = {
        ...before,
        version,
        revision: revision + 1,
        updatedAtMs: publishedAtMs,
        updatedBy: ctx.userId,
      }
      await tx.putIf(definitions, next, { revision })
      const _id = versionId(key, version)
      await tx.insert(versions, {
        _id,
        key,
        version,
        content: before.draft,
        publishedAtMs,
        publishedBy: ctx.userId,
      })
      return { key, version, revision: next.revision }
    })
  },
})

/** Each sub-flow is published, and none leads back to this flow: that would begin without end. */
async function problemsOfSubflows(ctx: Context, key: string, content: Content): Promise<Problem[]> {
  const problems: Problem[] = []
  const seen = new Set<string>()
  const toVisit = subflowsOf(content).map((about) => ({ about, nodeId: about.nodeId }))
  for (const { about, nodeId } of toVisit) {
    if (about.key === key)
      problems.push({ nodeId, problem: 'SUBFLOW', about: `${about.key} contains this flow` })
    if (about.key === key || seen.has(about.key)) continue
    seen.add(about.key)
    const definition = await ctx.db.find(definitions, about.key)
    const version =
      definition && definition.version > 0
        ? await ctx.db.find(versions, versionId(about.key, definition.version))
        : undefined
    if (!version) problems.push({ nodeId, problem: 'SUBFLOW', about: `${about.key} is not published` })
    else toVisit.push(...subflowsOf(version.content).map((inner) => ({ about: inner, nodeId })))
  }
  return problems
}

function subflowsOf({ nodes }: Content): { key: string; nodeId: string }[] {
  return nodes.flatMap((node) =>
    node.kind === 'subflow' ? [{ key: node.definitionKey, nodeId: node.id }] : [],
  )
}
