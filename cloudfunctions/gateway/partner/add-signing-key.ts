import * as z from 'zod'
import { defineRoute } from '../../_kernel/index.ts'
import { addKey, signingSecret } from './keys.ts'
import { partnerId } from './model.ts'

/** gateway/addSigningKey: a key that the partner signs its requests with. Those before it stay until they are revoked. */
export const addSigningKey = defineRoute({
  summary: 'Gives a partner a key to sign requests with',
  input: z.strictObject({ partnerId }),
  access: 'partner:manage',
  idempotent: 'derived',
  audit: { action: 'partner.add-signing-key', subject: ({ partnerId: id }) => id },

  async handle({ partnerId: id }, ctx) {
    const { keyId } = await addKey(ctx, id, 'signingKeys', null)
    return { partnerId: id, keyId, signingSecret: signingSecret(ctx, keyId) }
  },
})
