import * as z from 'zod'
import { defineRoute } from '../../_kernel/index.ts'
import { findProblems } from './check.ts'
import { definitionKey } from './model.ts'
import { definitions, versionId, versions } from './store.ts'

/** `approval/definition`: the draft of a flow, or one of its versions. */
export const definitionDetail = defineRoute({
  summary: 'The draft of a flow, or one of its versions',
  input: z.strictObject({ key: definitionKey, version: z.int().min(1).optional() }),
  access: 'approval:design',

  async handle({ key, version }, ctx) {
    const { draft, revision, version: latest, isOpen } = await ctx.db.get(definitions, key)
    const content =
      version === undefined ? draft : (await ctx.db.get(versions, versionId(key, version))).content
    return {
      key,
      version: version ?? null,
      latest,
      isOpen,
      revision,
      content,
      problems: findProblems(content),
    }
  },
})
