import * as z from 'zod'
import { defineRoute, refuse } from '../../_kernel/index.ts'
import { roleOf, setRole } from '../model.ts'
import { documents } from '../store.ts'
import { putMembers } from './change-members.ts'
import { hashOf } from './invite.ts'

/** collab/join: with somebody's code. A member keeps the role they have, so joining twice changes nothing. */
export const join = defineRoute({
  summary: 'Join a document by an invitation',
  input: z.strictObject({ code: z.string().regex(/^[A-Za-z0-9_]{8,64}\.[A-Za-z0-9_-]{24}$/) }),
  access: 'user',
  rateLimit: { limit: 20, perMs: 60_000 },

  async handle({ code }, ctx) {
    const { userId } = ctx
    const [id = '', secret = ''] = code.split('.')
    const nowMs = ctx.clock.nowMs()
    const secretHash = hashOf(secret)
    return ctx.transaction(async (tx) => {
      const document = await tx.find(documents, id)
      const valid = document?.invites.find((one) => one.secretHash === secretHash && one.expiresAtMs > nowMs)
      if (!document || !valid) return refuse('COLLAB_INVITE')
      const held = roleOf(document, userId)
      if (!held) {
        await putMembers(
          tx,
          document,
          setRole(document.members, { userId, role: valid.role, joinedAtMs: nowMs }),
        )
      }
      return { documentId: id, title: document.title, role: held ?? valid.role }
    })
  },
})
