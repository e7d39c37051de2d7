import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { type Context, refuse } from '../_kernel/index.ts'

const SHORTEST = 16

/**
 * A secret that is not stored anywhere: it follows from the environment's GATEWAY_SECRET and the id under which it is
 * used. A copy of the database gives nobody a key, and a repeated request is answered with the same secret.
 */
export function deriveSecret(
  ctx: Context,
  purpose: 'client' | 'signing' | 'webhook' | 'token',
  id: string,
): Buffer {
  const { GATEWAY_SECRET: master } = ctx.settings
  if (master.length < SHORTEST)
    refuse('GATEWAY_NOT_CONFIGURED', { setting: 'GATEWAY_SECRET', shortest: SHORTEST })
  return createHmac('sha256', master).update(`${purpose}\n${id}`).digest()
}

export function sha256(bytes: string | Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** Takes the same time wherever the two differ. */
export function isSame(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(sha256(one)), Buffer.from(sha256(other)))
}
