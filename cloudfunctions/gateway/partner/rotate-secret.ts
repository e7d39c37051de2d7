import * as z from 'zod'
import { defineRoute } from '../../_kernel/index.ts'
import { addKey, clientSecret } from './keys.ts'
import { partnerId, ROTATION_MS } from './model.ts'

/** gateway/rotateSecret: a new client secret; those before it end a day later, or at once when one has leaked. */
export const rotateSecret = defineRoute({
  summary: 'Gives a partner a new client secret',
  input: z.strictObject({ partnerId, endOthersNow: z.boolean().default(false) }),
  access: 'partner:manage',
  idempotent: 'derived',
  audit: { action: 'partner.rotate-secret', subject: ({ partnerId: id }) => id },

  async handle({ partnerId: id, endOthersNow }, ctx) {
    const nowMs = ctx.clock.nowMs()
    const { keyId } = await addKey(ctx, id, 'secrets', endOthersNow ? nowMs : nowMs + ROTATION_MS)
    return { partnerId: id, secretId: keyId, clientSecret: clientSecret(ctx, keyId) }
  },
})
