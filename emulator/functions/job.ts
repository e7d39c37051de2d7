import type { Log } from '../core/log.ts'
import type { FunctionDefinition } from './catalogue.ts'
import { invocationEnvironment, LOCAL_REGION } from './environment.ts'
import type { Invocation } from './index.ts'
import type { Job } from './instance.ts'
import type { RunningInvocation } from './invocations.ts'

/**
 * The platform adds who calls, over whatever the caller put there; of a function it says no user. Undefined when the
 * event is nested too deeply to be written.
 */
export function eventJsonOf(invocation: Invocation): string | undefined {
  try {
    return JSON.stringify(eventOf(invocation)) ?? 'null'
  } catch (error) {
    // What came as JSON has nothing else that could go wrong: the stack has ended.
    if (error instanceof RangeError) return undefined
    throw error
  }
}

function eventOf({ event, identity, source, trigger }: Invocation): unknown {
  const isPlain = typeof event !== 'object' || event === null || Array.isArray(event)
  if (isPlain || source === 'wx_trigger' || trigger === 'http' || trigger === 'test') return event
  const { openid } = identity
  const userInfo = { appId: identity.appid, ...(openid === undefined ? {} : { openId: openid }) }
  return { ...event, userInfo }
}

/** `function/$url`: what a router in the function will do; also when a hostile `$url` is very long. */
export function routeOf({ functionName, event }: Invocation): string | undefined {
  if (typeof event !== 'object' || event === null) return undefined
  const $url: unknown = Reflect.get(event, '$url')
  return typeof $url === 'string' ? `${functionName}/${$url.slice(0, 100)}` : undefined
}

/** One invocation as an instance runs it: event, context, variables. */
export function toJob(from: {
  running: RunningInvocation
  definition: FunctionDefinition
  eventJson: string
  invocation: Invocation
  envId: string
  maxResultBytes: number
  log: Log
  /** Texts that were to be said once. */
  said: Set<string>
}): Job {
  const { definition, envId, eventJson, invocation, log, maxResultBytes, said } = from
  const { id, token, functionName, identity, source, version, routeKey } = from.running
  const timeoutMs = invocation.timeoutMs ?? definition.timeoutMs
  const { trigger } = invocation
  const env = invocationEnvironment({ identity, source, token, requestId: id, trigger, routeKey })
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
    function_version: version,
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
    maxResultBytes,
    onLog({ level, text, fields, isOnce }) {
      if (isOnce && said.has(text)) return
      if (isOnce) said.add(text)
      log[level]('functions', text, { ...fields, function: functionName, requestId: id })
    },
  }
}
