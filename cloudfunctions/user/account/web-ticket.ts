import * as z from 'zod'
import { defineRoute, refuse } from '../../_kernel/index.ts'
import { createTicket, readWebLoginKey } from './web-login-key.ts'

const REFRESH_MS = 3_600_000
const SESSION_MS = 12 * 3_600_000

/** What the platform takes as the uid of a custom login (`@cloudbase/node-sdk` auth/index.js). */
const uidShape = /^[a-zA-Z0-9_\-#@~=*(){}[\]:.,<>+]{4,32}$/

/** user/webTicket: lets an operator who is signed in on the phone sign in to the web admin as the same person. */
export const webTicket = defineRoute({
  summary: 'A ticket to sign in to the web admin',
  input: z.object({}),
  access: 'web-admin:sign-in',
  rateLimit: { limit: 10, perMs: 60_000 },
  audit: { action: 'user.web-ticket', subject: () => 'self' },

  async handle(_input, ctx) {
    const key = readWebLoginKey(ctx.settings.TCB_CUSTOM_LOGIN_KEY)
    if (!uidShape.test(ctx.userId)) refuse('INVALID_INPUT', { why: 'this openid cannot be a web uid' })
    const nowMs = ctx.clock.nowMs()
    const expiresAtMs = nowMs + SESSION_MS
    return {
      ticket: createTicket(key, ctx.userId, { nowMs, refreshMs: REFRESH_MS, expiresAtMs }),
      expiresAtMs,
    }
  },
})
