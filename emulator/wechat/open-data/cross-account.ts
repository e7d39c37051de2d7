import type { Identity } from '../../core/identity.ts'
import { type ByteReply, encodeOpenApiRefusal, encodeServiceReply } from '../wire.ts'

/** The function with which a resource's owner says who may use it (「环境共享」). */
const AUTH_FUNCTION = 'cloudbase_auth'
const MISSING_AUTH = -601016
const EMPTY_ERR_CODE = -601015
const REFUSED = -601017

/**
 * `new cloud.Cloud({ resourceAppid, resourceEnv })`: there is one environment here, so the resource is this very one,
 * and its `cloudbase_auth` decides, called on behalf of the user who asks.
 */
export async function crossAccountToken(
  wanted: { resourceAppid: string; resourceEnv: string },
  caller: { openid?: string },
  deps: {
    appid: string
    permissionsOf(functionName: string): string[] | undefined
    invoke(call: {
      functionName: string
      event: unknown
      identity: Identity
      source: string
    }): Promise<{ ok: true; value: unknown } | { ok: false }>
  },
): Promise<ByteReply> {
  if (deps.permissionsOf(AUTH_FUNCTION) === undefined) return encodeOpenApiRefusal(MISSING_AUTH)
  const answer = await deps.invoke({
    functionName: AUTH_FUNCTION,
    event: { ...wanted },
    identity: { appid: deps.appid, openid: caller.openid },
    source: 'wx_unknown',
  })
  const value = answer.ok ? answer.value : undefined
  const errCode =
    typeof value === 'object' && value !== null && 'errCode' in value ? value.errCode : undefined
  if (errCode === undefined) return encodeOpenApiRefusal(EMPTY_ERR_CODE)
  if (errCode !== 0) return encodeOpenApiRefusal(REFUSED)
  return encodeServiceReply('AuthorizationInfo', {
    tcbCredentials: { secretId: 'local', secretKey: 'local', token: 'local' },
    wxParam: Buffer.from(JSON.stringify(wanted)),
  })
}
