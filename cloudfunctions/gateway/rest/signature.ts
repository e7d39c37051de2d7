/** Signed requests: whoever reads a token on its way still cannot make a request of their own, nor make one twice. */
import { createHmac } from 'node:crypto'
import * as z from 'zod'
import { type Context, collection, derivedId, type HttpRequest, refuse, text } from '../../_kernel/index.ts'
import { signingSecret } from '../partner/keys.ts'
import { isLive, type Partner } from '../partner/model.ts'
import { isSame, sha256 } from '../secret.ts'

const WINDOW_MS = 300_000

/** Nonces of the last minutes: who comes with one of them comes a second time. */
export const nonces = collection('gateway_nonces', z.object({ _id: text, expiresAtMs: z.int() }))

/**
 * Refuses SIGNATURE_REQUIRED, KEY_REVOKED, SIGNATURE_EXPIRED, SIGNATURE_INVALID, REQUEST_REPLAYED. One database request
 * for a request that is signed well, none for others.
 */
export async function checkSignature(ctx: Context, partner: Partner, request: HttpRequest): Promise<void> {
  const {
    'x-signature': signature,
    'x-key-id': keyId = '',
    'x-timestamp': stamp = '',
    'x-nonce': nonce = '',
  } = request.headers
  if (signature === undefined) {
    if (partner.mustSign) refuse('SIGNATURE_REQUIRED')
    return
  }
  const nowMs = ctx.clock.nowMs()
  const key = partner.signingKeys.find((each) => each.keyId === keyId)
  if (!key) refuse('SIGNATURE_INVALID', { header: 'x-key-id' })
  if (!isLive(key, nowMs)) refuse('KEY_REVOKED', { keyId })
  if (!/^\d{1,12}$/.test(stamp)) refuse('SIGNATURE_INVALID', { header: 'x-timestamp' })
  if (!/^[\w-]{8,64}$/.test(nonce)) refuse('SIGNATURE_INVALID', { header: 'x-nonce' })
  const atMs = Number(stamp) * 1000
  if (Math.abs(nowMs - atMs) > WINDOW_MS) refuse('SIGNATURE_EXPIRED', { nowMs, windowMs: WINDOW_MS })
  const expected = createHmac('sha256', signingSecret(ctx, keyId))
    .update(signedText(request))
    .digest('base64')
  if (!isSame(signature, expected)) refuse('SIGNATURE_INVALID')

  const _id = derivedId('non', partner._id, nonce)
  // Kept until the time stamp is out of the window by any clock that was inside of it.
  const isFresh = await ctx.db.insertIfAbsent(nonces, { _id, expiresAtMs: atMs + 2 * WINDOW_MS })
  if (!isFresh) refuse('REQUEST_REPLAYED')
}

/** What is signed, a line each; the query in the order of its names, because the platform hands it over taken apart. */
export function signedText({ method, path, query, headers, body }: HttpRequest): string {
  const sorted = Object.entries(query)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&')
  return [method, path, sorted, headers['x-timestamp'], headers['x-nonce'], sha256(body)].join('\n')
}
