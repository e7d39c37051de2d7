import * as errors from 'jose/errors'
import { jwtVerify } from 'jose/jwt/verify'
import * as z from 'zod'
import { type Context, refuse, text } from '../../_kernel/index.ts'
import { ALGORITHM, AUDIENCE, type Grant, ISSUER, TOKEN_TYPE } from './claims.ts'
import { findPublicKey } from './keys.ts'

const claims = z.object({ sub: text, sid: text, scope: text })

/** What an access token grants. Refuses TOKEN_EXPIRED and TOKEN_INVALID. One database request per instance and quarter of a minute. */
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
        typ: TOKEN_TYPE,
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
