import { createHash, randomBytes } from 'node:crypto'
import * as z from 'zod'
import { defineRoute } from '../../_kernel/index.ts'
import { documentId } from '../input.ts'
import { assertRole } from '../model.ts'
import { documents } from '../store.ts'

const VALID_MS = 7 * 24 * 3_600_000
/** The oldest give way: whoever has one of those asks for another. */
const MOST_INVITES = 20

/** collab/invite: a code to send around. Whoever has it may join for a week; only its hash is kept. */
export const invite = defineRoute({
  summary: 'A code by which others join a document of mine',
  input: z.strictObject({ documentId, role: z.enum(['editor', 'viewer']) }),
  access: 'user',
  rateLimit: { limit: 20, perMs: 60_000 },

  async handle({ documentId: id, role }, ctx) {
    const secret = randomBytes(18).toString('base64url')
    const nowMs = ctx.clock.nowMs()
    const expiresAtMs = nowMs + VALID_MS
    await ctx.transaction(async (tx) => {
      const { invites } = assertRole(await tx.find(documents, id), ctx.userId, 'owner')
      const valid = invites.filter((one) => one.expiresAtMs > nowMs)
      await tx.update(documents, id, {
        invites: [{ secretHash: hashOf(secret), role, expiresAtMs }, ...valid].slice(0, MOST_INVITES),
      })
    })
    return { code: `${id}.${secret}`, expiresAtMs }
  },
})

export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}
