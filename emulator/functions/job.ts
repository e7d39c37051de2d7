import type { Log } from '../core/log.ts'
import type { FunctionDefinition } from './catalogue.ts'
import { invocationEnvironment, LOCAL_REGION } from './environment.ts'
import type { Invocation } from './index.ts'
import type { Job } from './instance.ts'
import type { RunningInvocation } from './invocations.ts'

/** The platform adds who calls, over whatever the caller put there; of a function it says no user. */
export function eventJsonOf({ event, identity, source }: Invocation): string {
  const isPlain = typeof event !== 'object' || event === null || Array.isArray(event)
  if (isPlain || source === 'wx_trigger') return JSON.stringify(event) ?? 'null'
  const { openid } = identity
  const userInfo = { appId: identity.appid, ...(openid === undefined ? {} : { openId: openid }) }
  return JSON.stringify({ ...event, userInfo })
}

/** One invocation as an instance runs it: event, context, variables. */
export function toJob(from: {
  running: RunningInvocation
  definition: FunctionDefinition
  eventJson: string
  invocation: Invocation
  envId: string
  log: Log
}): Job {
  const { definition, envId, eventJson, invocation, log } = from
  const { id, token, functionName, identity, source } = from.running
  const timeoutMs = invocation.timeoutMs ?? definition.timeoutMs
  const isTimer = invocation.trigger === 'timer'
  const env = invocationEnvironment({ identity, source, token, requestId: id, isTimer })
  const { WX_API_TOKEN: _, WX_TRIGGER_API_TOKEN_V0: __, ...visible } = env
  const context = {
    callbackWaitsForEmptyEventLoop: false,
    memory_limit_in_mb: definition.memoryMb,
    time_limit_in_ms: timeoutMs,
    request_id: id,
    // As text: the SDK's parseContext refuses an object.
    environment: JSON.stringify({
      ...definition.variables,
      ...visible,
      TCB_ENV: envId,
      SCF_NAMESPACE: envId,
    }),
    function_version: '$LATEST',
    function_name: functionName,
    namespace: envId,
    tencentcloud_region: LOCAL_REGION,
    tencentcloud_appid: '',
    tencentcloud_uin: '',
  }
  return {
    requestId: id,
    eventJson,
    contextJson: JSON.stringify(context),
    env,
    timeoutMs,
    onLog: ({ level, text, fields }) =>
      log[level]('functions', text, { ...fields, function: functionName, requestId: id }),
  }
}
