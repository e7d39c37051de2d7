import { SignJWT } from 'jose/jwt/sign'
import type { Context } from '../../_kernel/index.ts'
import { ALGORITHM, AUDIENCE, type Grant, ISSUER, TOKEN_TYPE } from './claims.ts'
import { currentKey, TOKEN_LIFE_MS } from './keys.ts'

/** An access token: a JWT by jose, signed with Ed25519. Three database requests when it needs a new key. */
export async function issueToken(ctx: Context, { partnerId, secretId, scopes }: Grant): Promise<string> {
  const { kid, privateKey } = await currentKey(ctx)
  const nowS = Math.floor(ctx.clock.nowMs() / 1000)
  return new SignJWT({ sid: secretId, scope: scopes.join(' ') })
    .setProtectedHeader({ alg: ALGORITHM, kid, typ: TOKEN_TYPE })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setSubject(partnerId)
    .setJti(ctx.ids.next('tok'))
    .setIssuedAt(nowS)
    .setExpirationTime(nowS + TOKEN_LIFE_MS / 1000)
    .sign(privateKey)
}
