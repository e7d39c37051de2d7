import type { Context, HttpAnswer, HttpRequest } from '../../_kernel/index.ts'
import { admit } from '../partner/admit.ts'
import { findSecret } from '../partner/keys.ts'
import { partners } from '../partner/model.ts'
import { issueToken } from '../token/issue.ts'
import { TOKEN_LIFE_MS } from '../token/keys.ts'
import { assertAddress } from './authenticate.ts'

/**
 * `POST /oauth/token`: a client id and secret for an access token (RFC 6749, section 4.4). Its refusals have the form of
 * that RFC, so that any OAuth client understands them. Counts as one call of the partner; two database
 * requests, three more for the first token of a key.
 */
export async function giveToken(ctx: Context, request: HttpRequest): Promise<HttpAnswer> {
  const form = new URLSearchParams(request.body.toString('utf8'))
  if (form.get('grant_type') !== 'client_credentials') {
    return oauthError(
      400,
      form.has('grant_type') ? 'unsupported_grant_type' : 'invalid_request',
      'INVALID_INPUT',
    )
  }
  const [clientId, secret] = credentialsOf(request, form)
  if (!clientId || !secret) return oauthError(401, 'invalid_client', 'CLIENT_INVALID')
  const partner = await ctx.db.find(partners, clientId)
  // Before it is counted: who does not know the secret cannot use up the partner's calls.
  const key = partner && findSecret(ctx, partner, secret)
  if (!partner || !key) return oauthError(401, 'invalid_client', 'CLIENT_INVALID')
  if (partner.status !== 'active') return oauthError(401, 'invalid_client', 'PARTNER_REVOKED')
  assertAddress(partner, request)
  await admit(ctx, clientId)

  const asked =
    form
      .get('scope')
      ?.split(' ')
      .filter((scope) => scope !== '') ?? partner.scopes
  if (asked.some((scope) => !partner.scopes.includes(scope)))
    return oauthError(400, 'invalid_scope', 'FORBIDDEN')
  const token = await issueToken(ctx, { partnerId: partner._id, secretId: key.keyId, scopes: asked })
  return answer(200, {
    access_token: token,
    token_type: 'Bearer',
    expires_in: TOKEN_LIFE_MS / 1000,
    scope: asked.join(' '),
  })
}

/** In the Authorization header, or in the form. */
function credentialsOf(request: HttpRequest, form: URLSearchParams): (string | null)[] {
  const [, basic] = /^Basic +(\S+)$/i.exec(request.headers.authorization ?? '') ?? []
  if (basic === undefined) return [form.get('client_id'), form.get('client_secret')]
  const [id = '', ...secret] = Buffer.from(basic, 'base64').toString('utf8').split(':')
  return [id, secret.join(':')].map(decoded)
}

/** RFC 6749, section 2.3.1: both are form-encoded before they are joined. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return ''
  }
}

function oauthError(status: number, error: string, description: string): HttpAnswer {
  return answer(status, { error, error_description: description })
}

function answer(statusCode: number, body: object): HttpAnswer {
  const headers: Record<string, string> = {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
  }
  if (statusCode === 401) headers['www-authenticate'] = 'Basic'
  return { statusCode, headers, body: JSON.stringify(body) }
}
