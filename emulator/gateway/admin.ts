import type { BilledService } from '../core/cost.ts'
import { notEmulated, WireError } from '../core/errors.ts'
import { jsonReply, type Reply } from '../core/http.ts'
import type { Identity } from '../core/identity.ts'
import type { Ids } from '../core/ids.ts'
import type { Log } from '../core/log.ts'
import { type Metering, ReplyLost } from '../core/metering.ts'

/** Who sent an SDK request: a running function, or (`functionName` absent) a program outside with admin keys. */
export interface AdminCaller {
  invocationId?: string
  functionName?: string
  openid?: string
  appid?: string
  /** `TCB_SOURCE` of the caller; '' outside of functions. */
  source: string
}

export interface AdminRequest {
  /** JSON body, or the text parts of a multipart body. */
  fields: Record<string, unknown>
  binary: Record<string, Uint8Array>
  /** Header `x-tcb-source` without its last part, which tells only where the SDK runs. */
  source: string
}

/** A service's answer: fields beside `requestId`, or bytes that are not JSON to the SDK. */
export type AdminAnswer = Record<string, unknown> | { contentType: string; body: Uint8Array }

export interface AdminAction {
  /** Who bills and suffers faults for it; absent when the service sees to that itself. */
  service?: BilledService
  handle(action: string, request: AdminRequest, caller: AdminCaller): Promise<AdminAnswer>
}

/** Actions by full name, or by prefix up to the dot (`database.`). */
export type AdminActions = Record<string, AdminAction>

/** What the gateway must know of a running function. */
export interface CallingInvocation {
  id: string
  functionName: string
  identity: Identity
  source: string
  kill(reason: string): void
}

export interface AdminDeps {
  actions: AdminActions
  metering: Metering
  ids: Ids
  log: Log
  envId: string
  /** What older SDKs ask, in today's words, and today's answer in theirs. */
  toCurrent(action: string, body: Record<string, unknown>): Translated
  invocations: {
    find(token: string): CallingInvocation | undefined
    track<T>(token: string, work: Promise<T>): Promise<T>
  }
}

export interface Translated {
  action: string
  body: Record<string, unknown>
  reply(current: Record<string, unknown>): Record<string, unknown>
}

/** One request of a server SDK, with or without HTTP around it. Throws only ReplyLost. */
export type HandleAdmin = (request: AdminRequest) => Promise<Reply>

export function createAdmin(deps: AdminDeps): HandleAdmin {
  const { actions, metering, ids, log, invocations } = deps
  const foreignEnvs = new Set<string>()

  return async (request) => {
    const requestId = ids.requestId()
    const token = typeof request.fields.wxCloudApiToken === 'string' ? request.fields.wxCloudApiToken : ''
    const invocation = invocations.find(token)
    try {
      noticeEnv(request.fields.envName)
      const answer = await invocations.track(token, answerOf(request, invocation))
      if (isBytes(answer)) return { contentType: answer.contentType, body: answer.body }
      return jsonReply({ requestId, ...answer })
    } catch (error) {
      if (error instanceof ReplyLost) throw error
      return jsonReply({ ...describe(error, request.fields.action), requestId })
    }
  }

  async function answerOf(
    request: AdminRequest,
    invocation: CallingInvocation | undefined,
  ): Promise<AdminAnswer> {
    const named = request.fields.action
    if (typeof named !== 'string' || named === '') throw new WireError('INVALID_PARAM', 'action is required')
    const { action, body, reply } = deps.toCurrent(named, request.fields)
    const handler = findAction(action)
    if (!handler) throw notEmulated(action)
    const work = async () => {
      const caller = callerOf(invocation, request)
      const answer = await handler.handle(action, { ...request, fields: body }, caller)
      return isBytes(answer) ? answer : reply(answer)
    }
    if (!handler.service) return work()
    return metering({
      billed: {
        service: handler.service,
        operation: action,
        invocationId: invocation?.id,
        functionName: invocation?.functionName,
        subject: collectionIn(request.fields),
      },
      work,
      crash: () => invocation?.kill('crashed by an injected fault'),
    })
  }

  function findAction(action: string): AdminAction | undefined {
    for (const name of [action, action.slice(0, action.indexOf('.') + 1)]) {
      if (Object.hasOwn(actions, name)) return actions[name]
    }
    return undefined
  }

  function describe(error: unknown, action: unknown): { code: string; message: string } {
    if (error instanceof WireError) return { code: error.code, message: error.message }
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error)
    log.error('gateway', `${action} failed inside the local cloud: ${detail}`)
    return { code: 'SYS_ERR', message: `internal error of the local cloud in ${action}; see its log` }
  }

  /** There is one environment here, whatever it is called; a hint saves the search for a wrong id. */
  function noticeEnv(envName: unknown): void {
    if (typeof envName !== 'string' || envName === '' || envName === deps.envId || foreignEnvs.has(envName))
      return
    foreignEnvs.add(envName)
    log.warn('gateway', `environment ${envName} is played by the local one, ${deps.envId}`)
  }
}

function isBytes(answer: AdminAnswer): answer is { contentType: string; body: Uint8Array } {
  return answer.body instanceof Uint8Array && typeof answer.contentType === 'string'
}

function collectionIn({ collectionName }: Record<string, unknown>): string | undefined {
  return typeof collectionName === 'string' ? collectionName : undefined
}

function callerOf(invocation: CallingInvocation | undefined, request: AdminRequest): AdminCaller {
  if (!invocation) return { source: request.source }
  const { id, functionName, identity, source } = invocation
  return { invocationId: id, functionName, openid: identity.openid, appid: identity.appid, source }
}
