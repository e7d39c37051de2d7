import { type Caller, type Context, type HttpRequest, refuse } from '../../_kernel/index.ts'
import { admit } from '../partner/admit.ts'
import { isAllowed, isLive, type Partner } from '../partner/model.ts'
import { readToken } from '../token/read.ts'
import { checkSignature } from './signature.ts'

/**
 * Which partner asks, and what it may do. One database request, which also counts the call, so that a partner, secret or
 * key that was revoked is refused by the next request, whichever instance gets it; one more for a signed request.
 */
export async function authenticate(
  ctx: Context,
  request: HttpRequest,
): Promise<{ partner: Partner; caller: Extract<Caller, { kind: 'partner' }> }> {
  const [, token] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? []
  if (token === undefined) return refuse('UNAUTHENTICATED')
  const grant = await readToken(ctx, token)
  const partner = await admit(ctx, grant.partnerId)
  const secret = partner.secrets.find(({ keyId }) => keyId === grant.secretId)
  if (!secret || !isLive(secret, ctx.clock.nowMs())) refuse('KEY_REVOKED', { keyId: grant.secretId })
  assertAddress(partner, request)
  await checkSignature(ctx, partner, request)
  // Scopes that were taken away since count at once.
  const scopes = grant.scopes.filter((scope) => partner.scopes.includes(scope))
  return { partner, caller: { kind: 'partner', partnerId: partner._id, scopes } }
}

/** Refuses ADDRESS_NOT_ALLOWED. */
export function assertAddress({ ips }: Partner, request: HttpRequest): void {
  const address = addressOf(request)
  if (!isAllowed(ips, address)) refuse('ADDRESS_NOT_ALLOWED', { address: address ?? null })
}

/** The last entry was written by the platform's own entrance; whatever stands before it, the client may have written. */
function addressOf({ headers }: HttpRequest): string | undefined {
  return headers['x-forwarded-for']?.split(',').at(-1)?.trim()
}
