/** Access tokens: JWT by jose, signed with Ed25519. */
import * as errors from 'jose/errors'
import { SignJWT } from 'jose/jwt/sign'
import { jwtVerify } from 'jose/jwt/verify'
import * as z from 'zod'
import { type Context, refuse } from '../../_kernel/index.ts'
import { currentKey, findPublicKey, TOKEN_LIFE_MS } from './keys.ts'

const ISSUER = 'gateway'
const AUDIENCE = 'partner-api'
const ALGORITHM = 'EdDSA'

const claims = z.object({
  sub: z.string(),
  /** The client secret that it was given for: with the secret ends the token. */
  sid: z.string(),
  scope: z.string(),
})

export interface Grant {
  partnerId: string
  secretId: string
  scopes: string[]
}

export async function issueToken(ctx: Context, { partnerId, secretId, scopes }: Grant): Promise<string> {
  const { kid, privateKey } = await currentKey(ctx)
  const nowS = Math.floor(ctx.clock.nowMs() / 1000)
  return new SignJWT({ sid: secretId, scope: scopes.join(' ') })
    .setProtectedHeader({ alg: ALGORITHM, kid, typ: 'at+jwt' })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setSubject(partnerId)
    .setJti(ctx.ids.next('tok'))
    .setIssuedAt(nowS)
    .setExpirationTime(nowS + TOKEN_LIFE_MS / 1000)
    .sign(privateKey)
}

/** Refuses TOKEN_EXPIRED and TOKEN_INVALID. One database request per instance and quarter of a minute. */
export async function readToken(ctx: Context, token: string): Promise<Grant> {
  try {
    const { payload } = await jwtVerify(
      token,
      async ({ kid }) =>
        (kid !== undefined && (await findPublicKey(ctx, kid))) || refuse('TOKEN_INVALID', { why: 'kid' }),
      {
        algorithms: [ALGORITHM],
        issuer: ISSUER,
        audience: AUDIENCE,
        typ: 'at+jwt',
        currentDate: new Date(ctx.clock.nowMs()),
        requiredClaims: ['exp', 'sub'],
      },
    )
    const { sub, sid, scope } = claims.parse(payload)
    return { partnerId: sub, secretId: sid, scopes: scope.split(' ').filter((each) => each !== '') }
  } catch (cause) {
    if (cause instanceof errors.JWTExpired) return refuse('TOKEN_EXPIRED')
    if (cause instanceof errors.JOSEError || cause instanceof z.ZodError || cause instanceof TypeError)
      return refuse('TOKEN_INVALID', undefined, cause)
    throw cause
  }
}
