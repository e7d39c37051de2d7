import * as z from 'zod'
import { defineRoute } from '../../_kernel/index.ts'
import { rotateKeys } from './keys.ts'

/** gateway/rotateTokenKeys: a new key signs tokens; those of the old ones run out, or end now when `endOthersNow`. */
export const rotateTokenKeys = defineRoute({
  summary: 'Signs access tokens with a new key from now on',
  input: z.strictObject({ endOthersNow: z.boolean().default(false) }),
  access: 'partner:manage',
  audit: { action: 'gateway.rotate-token-keys', subject: () => 'token keys' },

  async handle({ endOthersNow }, ctx) {
    return { kid: await rotateKeys(ctx, endOthersNow) }
  },
})
