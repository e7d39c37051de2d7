/** Standard Webhooks 1.0 (standardwebhooks.com): any of its libraries verifies what we send. */
import { createHmac } from 'node:crypto'
import type { Context } from '../../_kernel/index.ts'
import { deriveSecret } from '../secret.ts'
import type { Endpoint } from './model.ts'

/** As the partner gets it. */
export function webhookSecret(ctx: Context, keyId: string): string {
  return `whsec_${deriveSecret(ctx, 'webhook', keyId).toString('base64')}`
}

export function signedHeaders(
  ctx: Context,
  endpoint: Endpoint,
  message: { id: string; body: string },
): Record<string, string> {
  const nowMs = ctx.clock.nowMs()
  const timestamp = String(Math.floor(nowMs / 1000))
  const signatures = endpoint.secrets
    .filter(({ endsAtMs }) => endsAtMs === null || endsAtMs > nowMs)
    .map(({ keyId }) =>
      createHmac('sha256', deriveSecret(ctx, 'webhook', keyId))
        .update(`${message.id}.${timestamp}.${message.body}`)
        .digest('base64'),
    )
  return {
    'webhook-id': message.id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.map((signature) => `v1,${signature}`).join(' '),
  }
}
