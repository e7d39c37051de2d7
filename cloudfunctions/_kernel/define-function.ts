import TcbRouter from 'tcb-router'
import { assertOpen, authorise, userOf } from './auth/guard.ts'
import { callerOf } from './auth/identity.ts'
import { type Call, createCall } from './call.ts'
import type { Caller, Context } from './context.ts'
import { AppError, type Language, refuse } from './errors/app-error.ts'
import { readEnvelope, toFields, toIssues } from './event.ts'
import { type HttpHandler, type HttpRequest, toHttpRequest } from './http.ts'
import { flushMetrics, measure } from './observe/metrics.ts'
import type { Consumers } from './reliability/events.ts'
import { findReply, requestKeyOf } from './reliability/idempotency.ts'
import { takeFromLimit } from './reliability/rate-limit.ts'
import { failure, type Reply, success } from './reply.ts'
import type { Route, Routes } from './route.ts'
import { cloud } from './runtime/cloud.ts'
import { perInstance } from './runtime/instance.ts'
import { readSettings } from './runtime/settings.ts'

/** `exports.main` of a cloud function. */
export type Main = (event: unknown, platformContext?: unknown) => Promise<unknown>

export interface FunctionOptions {
  /** Who reacts to the events that this function's routes emit. */
  consumers?: Consumers
  /** By name of the trigger in config.json. */
  timers?: Record<string, (ctx: Context) => Promise<unknown>>
  /** Events of the platform that carry no `$url`, such as a payment callback. A client can forge each of them. */
  platformEvents?: readonly PlatformEvent[]
  /** Requests through HTTP access. A client's event that looks like one never gets here. */
  http?: HttpHandler
}

export interface PlatformEvent {
  name: string
  matches(event: Record<string, unknown>): boolean
  /** Handled also while maintenance keeps everybody else out. */
  whileClosed?: true
  /** Returns what the platform expects, as it is. A throw becomes a failed invocation, so that the platform repeats. */
  handle(event: Record<string, unknown>, ctx: Context): Promise<unknown>
}

/**
 * A cloud function out of its routes. A call passes, in this order: envelope and identity, rate limit, input,
 * authorisation, kept reply, handler, audit, events, reply. Every refusal leaves through `failure`.
 */
export function defineFunction(name: string, routes: Routes, options: FunctionOptions = {}): Main {
  const { consumers = nobody, timers = {}, platformEvents = [], http } = options
  const settings = perInstance(() => readSettings(process.env))

  return async function main(rawEvent) {
    const event = toFields(rawEvent)
    const wx = cloud.getWXContext()
    const caller = callerOf(wx, event)
    const startedAtMs = Date.now()

    if (event.$url === undefined) {
      const trigger = caller.kind === 'timer' ? String(event.TriggerName) : undefined
      const timer = trigger !== undefined && Object.hasOwn(timers, trigger) ? timers[trigger] : undefined
      if (timer) return runUnrouted(`${name}/timer:${trigger}`, timer)
      const platformEvent = platformEvents.find(({ matches }) => matches(event))
      if (platformEvent) {
        return runUnrouted(`${name}/event:${platformEvent.name}`, async (ctx) => {
          if (!platformEvent.whileClosed) await assertOpen(ctx)
          return platformEvent.handle(event, ctx)
        })
      }
      const request = http && caller.kind === 'platform' ? toHttpRequest(event) : undefined
      if (http && request) return runHttp(http, request)
    }
    return runRoute({ prefix: name, routes, event, caller })

    async function runUnrouted(route: string, handle: (ctx: Context) => Promise<unknown>): Promise<unknown> {
      const call = createCall({ route, caller, idempotent: undefined, settings: settings(), consumers })
      try {
        const result = await handle(call.context).finally(call.deliverEvents)
        finish(call, 0)
        return result
      } catch (cause) {
        finish(call, 1000, cause)
        throw cause
      } finally {
        await flushMetrics(call.context, name)
      }
    }

    function runHttp(handle: HttpHandler, request: HttpRequest): Promise<unknown> {
      return runUnrouted(`${name}/http`, (ctx) =>
        handle(request, {
          ctx,
          call(fullName, route, { caller, ...asked }) {
            const [prefix = '', $url = ''] = fullName.split('/')
            const event = { $url, traceId: ctx.traceId, ...asked }
            return runRoute({ prefix, routes: { [$url]: route }, event, caller })
          },
        }),
      )
    }

    async function runRoute({ prefix, routes, event, caller }: Asked): Promise<Reply> {
      let language: Language = event.lang === 'en' ? 'en' : 'zh'
      let call: Call | undefined
      let hasFixedCost = false
      try {
        const envelope = readEnvelope(event)
        language = envelope.lang
        const [url, route] = findRoute(routes, event.$url)
        const begun = createCall({
          route: `${prefix}/${url}`,
          caller,
          idempotent: route.idempotent,
          settings: settings(),
          consumers,
          ...envelope,
        })
        call = begun
        hasFixedCost = route.fixedCost ?? false
        if (route.idempotent && envelope.requestId === undefined) refuse('REQUEST_ID_REQUIRED')

        const router = new TcbRouter({ event: { ...event, $url: url } })
        router.router(url, async (exchange) => {
          exchange.body = await passThrough(route, begun, event.data)
        })
        const data = await router.serve()
        finish(begun, 0)
        return success(data ?? null, begun.context.requestId)
      } catch (thrown) {
        if (call) finish(call, thrown instanceof AppError ? thrown.code : 1000, thrown)
        const requestId =
          call?.context.requestId ?? (typeof event.requestId === 'string' ? event.requestId : '')
        return failure(thrown, language, requestId)
      } finally {
        if (call && !hasFixedCost) await flushMetrics(call.context, name)
      }
    }

    /** The one line that tells of a finished call. */
    function finish({ context }: Call, code: number, thrown?: unknown): void {
      const fields = {
        code,
        caller: context.caller.kind,
        user: userOf(context.caller),
        durationMs: Date.now() - startedAtMs,
        databaseCalls: context.databaseCalls(),
      }
      measure(context.route, fields, context.clock.nowMs())
      if (thrown === undefined) context.log.info(fields, 'call')
      else if (thrown instanceof AppError && thrown.error !== 'INTERNAL') {
        context.log.info({ ...fields, error: thrown.error, cause: thrown.cause }, 'call refused')
      } else context.log.error({ ...fields, cause: thrown }, 'call failed')
    }
  }
}

/** Which route is asked for, of which table, by whom. */
interface Asked {
  prefix: string
  routes: Routes
  event: Record<string, unknown>
  caller: Caller
}

const nobody: Consumers = async () => []

/** Own properties only: `toString` and `__proto__` are no routes. */
function findRoute(routes: Routes, url: unknown): [string, Route] {
  const route = typeof url === 'string' && Object.hasOwn(routes, url) ? routes[url] : undefined
  if (typeof url !== 'string' || !route) return refuse('ROUTE_NOT_FOUND', { known: Object.keys(routes) })
  return [url, route]
}

async function passThrough(route: Route, call: Call, data: unknown): Promise<unknown> {
  const { context } = call

  if (route.rateLimit) {
    const who = userOf(context.caller) ?? context.caller.kind
    const retryAfterMs = takeFromLimit(`${context.route}:${who}`, route.rateLimit, context.clock.nowMs())
    if (retryAfterMs > 0) refuse('TOO_MANY_REQUESTS', { retryAfterMs })
  }

  const parsed = route.input.safeParse(data ?? {})
  if (!parsed.success) return refuse('INVALID_INPUT', { issues: toIssues(parsed.error) })
  const input = parsed.data

  await authorise(route, context)

  call.requestKey = route.idempotent && requestKeyOf(context, input)
  const key = route.idempotent === 'once' ? call.requestKey : undefined
  const kept = key && (await findReply(context.db, key))
  if (kept) return kept.reply

  if (route.audit) call.auditEntry = { action: route.audit.action, subject: route.audit.subject(input) }
  let result: unknown
  try {
    result = await route.handle(input, context)
  } catch (thrown) {
    // A twin of this request may have had the effect just now, and what it left makes the handler refuse.
    const twin = key && thrown instanceof AppError ? await findReply(context.db, key) : undefined
    if (!twin) throw thrown
    call.auditEntry = undefined
    result = twin.reply
  } finally {
    // Also when the handler failed after a commit: what was committed has been announced.
    await call.deliverEvents()
  }
  if (call.auditEntry) await context.transaction(async () => {})
  return result
}
