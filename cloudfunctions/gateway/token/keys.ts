/** The keys that tokens are signed with: a new one each month, the old ones known until their last token has expired. */
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import * as z from 'zod'
import { type Context, collection, command, defineCache, perInstance, text } from '../../_kernel/index.ts'
import { deriveSecret } from '../secret.ts'

export const TOKEN_LIFE_MS = 3_600_000
const SIGNS_FOR_MS = 30 * 86_400_000

/** The private half is not stored: it follows from the key's id (`secret.ts`). */
export const tokenKeys = collection(
  'gateway_keys',
  z.object({
    /** `kid` in the head of a token. */
    _id: text,
    publicJwk: z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: text }),
    createdAtMs: z.int(),
    signsUntilMs: z.int(),
    /** No token that it signed is taken from then on. */
    endsAtMs: z.int(),
  }),
)
export type TokenKey = ReturnType<typeof tokenKeys.parse>

const ALL = 'all'
const cache = defineCache<TokenKey[]>({ name: 'gateway-keys', ttlMs: 15_000, max: 1 })

/** What begins the PKCS #8 form of an Ed25519 key, before its 32 bytes (RFC 8410, section 7). */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex')

/** An unknown `kid` costs a forger nothing, so it may make us look at most this often. */
const LOOK_AGAIN_AFTER_MS = 10_000
const lastLook = perInstance(() => ({ atMs: Number.NEGATIVE_INFINITY }))

/** Keys whose tokens are taken, newest first. */
export async function liveKeys(ctx: Context): Promise<TokenKey[]> {
  const keys = await cache.get(ctx, ALL, () =>
    ctx.db.query(tokenKeys, {
      where: { endsAtMs: command.gt(ctx.clock.nowMs()) },
      orderBy: [['endsAtMs', 'desc']],
      limit: 20,
    }),
  )
  return keys.filter(({ endsAtMs }) => endsAtMs > ctx.clock.nowMs())
}

export async function findPublicKey(ctx: Context, kid: string): Promise<KeyObject | undefined> {
  const find = async () => (await liveKeys(ctx)).find(({ _id }) => _id === kid)
  let key = await find()
  if (!key && ctx.clock.nowMs() - lastLook().atMs >= LOOK_AGAIN_AFTER_MS) {
    // Another instance may have made it a moment ago.
    lastLook().atMs = ctx.clock.nowMs()
    await cache.invalidate(ctx, ALL)
    key = await find()
  }
  return key && createPublicKey({ key: { ...key.publicJwk }, format: 'jwk' })
}

/** The key for new tokens; made when there is none that still signs. Two instances may make one each: both are good. */
export async function currentKey(ctx: Context): Promise<{ kid: string; privateKey: KeyObject }> {
  const nowMs = ctx.clock.nowMs()
  const signing = (await liveKeys(ctx)).find(({ signsUntilMs }) => signsUntilMs > nowMs)
  const { _id: kid } = signing ?? (await makeKey(ctx))
  return { kid, privateKey: privateKeyOf(ctx, kid) }
}

/** A new key signs from now on. @param endOthers no token of the others is taken any more: for a secret that leaked. */
export async function rotateKeys(ctx: Context, endOthers: boolean): Promise<string> {
  const nowMs = ctx.clock.nowMs()
  const others = await ctx.db.query(tokenKeys, { where: { endsAtMs: command.gt(nowMs) }, limit: 20 })
  const { _id: kid } = await makeKey(ctx)
  for (const { _id, endsAtMs } of others) {
    const lastMs = endOthers ? nowMs : Math.min(endsAtMs, nowMs + TOKEN_LIFE_MS)
    await ctx.db.update(tokenKeys, _id, { signsUntilMs: nowMs, endsAtMs: lastMs })
  }
  await cache.invalidate(ctx, ALL)
  return kid
}

async function makeKey(ctx: Context): Promise<TokenKey> {
  const nowMs = ctx.clock.nowMs()
  const kid = ctx.ids.next('kid')
  const { x = '' } = createPublicKey(privateKeyOf(ctx, kid)).export({ format: 'jwk' })
  const key: TokenKey = {
    _id: kid,
    publicJwk: { kty: 'OKP', crv: 'Ed25519', x },
    createdAtMs: nowMs,
    signsUntilMs: nowMs + SIGNS_FOR_MS,
    endsAtMs: nowMs + SIGNS_FOR_MS + TOKEN_LIFE_MS,
  }
  await ctx.db.insert(tokenKeys, key)
  await cache.invalidate(ctx, ALL)
  return key
}

function privateKeyOf(ctx: Context, kid: string): KeyObject {
  const key = Buffer.concat([PKCS8_HEAD, deriveSecret(ctx, 'token', kid)])
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' })
}
