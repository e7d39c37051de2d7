import * as z from 'zod'
import { defineRoute, idInput, refuse } from '../../_kernel/index.ts'
import { documentId } from '../input.ts'
import { role, roleOf, setRole } from '../model.ts'
import { changeMembers } from './change-members.ts'

/** collab/setMember: another role for a member; who becomes the owner takes the caller's place. */
export const setMember = defineRoute({
  summary: 'Change the role of a member',
  input: z.strictObject({ documentId, userId: idInput, role }),
  access: 'user',

  async handle({ documentId: id, userId, role: wanted }, ctx) {
    const joinedAtMs = ctx.clock.nowMs()
    const members = await changeMembers(ctx, id, 'owner', (document) => {
      if (!roleOf(document, userId)) refuse('NOT_FOUND', { userId })
      return setRole(document.members, { userId, role: wanted, joinedAtMs })
    })
    return { members }
  },
})
