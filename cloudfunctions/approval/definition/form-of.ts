import * as z from 'zod'
import { defineRoute } from '../../_kernel/index.ts'
import { definitionKey } from './model.ts'
import { getOpenDefinition, readFlow } from './store.ts'

/** `approval/form`: what to fill in, and for which nodes to choose people, before a flow is begun. */
export const formToFill = defineRoute({
  summary: 'What to fill in to begin a flow',
  input: z.strictObject({ key: definitionKey }),
  access: 'user',

  async handle({ key }, ctx) {
    const { version, title } = await getOpenDefinition(ctx, key)
    const { content } = await readFlow(ctx, key, version)
    const choices = content.nodes.flatMap((node) => {
      if (node.kind !== 'approve' && node.kind !== 'cc') return []
      const choice = node.candidates.find((candidate) => candidate.by === 'initiator-chooses')
      return choice ? [{ nodeId: node.id, title: node.title, max: choice.max }] : []
    })
    return { key, version, title, description: content.description, fields: content.fields, choices }
  },
})
