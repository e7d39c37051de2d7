import type { Identity } from '../core/identity.ts'

/**
 * The environment variables through which the platform tells a function who it is and who calls.
 * Names and readers: node-sdk `utils/tcbcontext.ts`, wx-server-sdk `getWXContext`.
 */
export function instanceEnvironment(instance: {
  envId: string
  gatewayUrl: string
  /** The function's own variables; the platform's win over them. */
  variables: Record<string, string>
}): Record<string, string> {
  return {
    ...machineEnvironment(),
    ...instance.variables,
    TENCENTCLOUD_RUNENV: 'SCF',
    TENCENTCLOUD_REGION: LOCAL_REGION,
    // The SDK sends its request before it looks whether these exist, and then dies of an unhandled rejection.
    TENCENTCLOUD_SECRETID: 'local-secret-id',
    TENCENTCLOUD_SECRETKEY: 'local-secret-key',
    SCF_NAMESPACE: instance.envId,
    TCB_ENV: instance.envId,
    TCB_CONTEXT_KEYS:
      'TCB_ENV,TCB_SEQID,TCB_SOURCE,TCB_SOURCE_IP,TCB_ROUTE_KEY,TCB_UUID,TCB_CUSTOM_USER_ID,TCB_ISANONYMOUS_USER',
    TCB_CONTEXT_CNFG: JSON.stringify({ URL: `${instance.gatewayUrl}/admin` }),
    _SCF_TCB_LOG: '1',
  }
}

/** What calls a function, when it is neither a user nor a function. */
export type Trigger = 'timer' | 'http' | 'test'

/** Set before each event, and removed before the next. */
export function invocationEnvironment(invocation: {
  identity: Identity
  source: string
  token: string
  requestId: string
  trigger?: Trigger
  routeKey?: string
}): Record<string, string> {
  const { openid, appid, unionid, clientIp, web } = invocation.identity
  const isAnonymous = invocation.trigger === 'http' || invocation.trigger === 'test'
  const isWechat = !isAnonymous && web === undefined
  const wx: Record<string, string> = {
    // HTTP access, the console's test and the web SDK know nothing of WeChat: `getWXContext()` tells the environment only.
    ...(!isWechat ? {} : { WX_CLIENTIP: clientIp ?? '127.0.0.1', WX_APPID: appid }),
    ...(openid === undefined ? {} : { WX_OPENID: openid }),
    ...(unionid === undefined ? {} : { WX_UNIONID: unionid }),
    WX_API_TOKEN: invocation.token,
  }
  return {
    ...wx,
    WX_CONTEXT_KEYS: Object.keys(wx).join(','),
    ...(isAnonymous ? {} : { TCB_SOURCE: invocation.source }),
    TCB_SOURCE_IP: clientIp ?? '127.0.0.1',
    TCB_SEQID: invocation.requestId,
    ...(web === undefined
      ? {}
      : {
          TCB_UUID: web.uid,
          TCB_ISANONYMOUS_USER: String(web.isAnonymous),
          ...(web.customUserId === undefined ? {} : { TCB_CUSTOM_USER_ID: web.customUserId }),
        }),
    ...(invocation.routeKey === undefined ? {} : { TCB_ROUTE_KEY: invocation.routeKey }),
    ...(invocation.trigger === 'timer'
      ? { TRIGGER_SRC: 'timer', WX_TRIGGER_API_TOKEN_V0: invocation.token }
      : {}),
  }
}

export const LOCAL_REGION = 'ap-shanghai'

/** A function sees the platform's variables, not those of the developer's shell; only these let Node itself work. */
function machineEnvironment(): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const name of ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'LANG']) {
    const value = process.env[name]
    if (value !== undefined) kept[name] = value
  }
  return kept
}
