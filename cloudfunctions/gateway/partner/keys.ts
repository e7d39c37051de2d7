/** The keys of a partner: secrets for tokens, and keys for signing requests. */
import { assertSameRequest, type Context, derivedId, refuse } from '../../_kernel/index.ts'
import { deriveSecret, isSame } from '../secret.ts'
import { isLive, KEYS_AT_ONCE, type Key, type Partner, partners } from './model.ts'

/** The same for a repeat of the request. */
export function newKey(ctx: Context, prefix: 'sec' | 'sgk'): Key {
  return {
    keyId: derivedId(prefix, ctx.userId, ctx.route, ctx.requestId),
    createdAtMs: ctx.clock.nowMs(),
    endsAtMs: null,
    requestHash: ctx.requestHash,
  }
}

export function clientSecret(ctx: Context, keyId: string): string {
  return deriveSecret(ctx, 'client', keyId).toString('base64url')
}

export function signingSecret(ctx: Context, keyId: string): string {
  return deriveSecret(ctx, 'signing', keyId).toString('base64url')
}

/** The live key whose client secret this is. */
export function findSecret(ctx: Context, partner: Partner, given: string): Key | undefined {
  const nowMs = ctx.clock.nowMs()
  return partner.secrets.find((key) => isLive(key, nowMs) && isSame(clientSecret(ctx, key.keyId), given))
}

/**
 * Adds a key to one of the two lists, unless a try of this request did so before.
 *
 * @param endOthersAtMs when those that are there end by themselves.
 */
export async function addKey(
  ctx: Context,
  partnerId: string,
  list: 'secrets' | 'signingKeys',
  endOthersAtMs: number | null,
): Promise<Key> {
  const nowMs = ctx.clock.nowMs()
  const key = newKey(ctx, list === 'secrets' ? 'sec' : 'sgk')
  const partner = await ctx.db.get(partners, partnerId)
  const before = partner[list].find(({ keyId }) => keyId === key.keyId)
  if (before) {
    assertSameRequest(ctx, before.requestHash)
    return before
  }
  if (partner.status !== 'active') refuse('PARTNER_REVOKED', { partnerId })
  const live = partner[list].filter((each) => isLive(each, nowMs))
  if (live.length >= KEYS_AT_ONCE) refuse('KEY_LIMIT', { partnerId, most: KEYS_AT_ONCE })
  const others = live.map((each) => ({
    ...each,
    endsAtMs:
      endOthersAtMs === null ? each.endsAtMs : Math.min(each.endsAtMs ?? endOthersAtMs, endOthersAtMs),
  }))
  await changePartner(ctx, partner, { [list]: [...others, key] })
  return key
}

/** Refuses STALE when an operator changed the partner meanwhile. Calls of the partner itself do not count as a change. */
export async function changePartner(ctx: Context, partner: Partner, change: Partial<Partner>): Promise<void> {
  const { _id, status, updatedAtMs } = partner
  // Two changes in one millisecond must not look alike.
  const changedAtMs = Math.max(ctx.clock.nowMs(), updatedAtMs + 1)
  const changed = await ctx.db.updateIf(
    partners,
    _id,
    { status, updatedAtMs },
    { ...change, updatedAtMs: changedAtMs },
  )
  if (!changed) refuse('STALE', { partnerId: _id })
}
