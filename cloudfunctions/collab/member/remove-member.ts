import * as z from 'zod'
import { defineRoute, idInput, refuse } from '../../_kernel/index.ts'
import { documentId } from '../input.ts'
import { roleOf } from '../model.ts'
import { changeMembers } from './change-members.ts'

/** collab/removeMember: the owner removes somebody, or a member leaves. The owner stays: pass the document on first. */
export const removeMember = defineRoute({
  summary: 'Remove a member, or leave',
  input: z.strictObject({ documentId, userId: idInput }),
  access: 'user',

  async handle({ documentId: id, userId }, ctx) {
    const members = await changeMembers(ctx, id, 'viewer', (document) => {
      if (userId !== ctx.userId && roleOf(document, ctx.userId) !== 'owner') {
        refuse('FORBIDDEN', { needs: 'owner' })
      }
      if (roleOf(document, userId) === 'owner') refuse('COLLAB_OWNER')
      return document.members.filter((member) => member.userId !== userId)
    })
    return { members: members.length }
  },
})
