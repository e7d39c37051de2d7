import { WireError } from '../core/errors.ts'
import type { Faults } from '../core/faults.ts'
import type { Log } from '../core/log.ts'
import { describeRoutes } from './openapi.ts'
import { ControlRefusal, type ControlRoute, route, TextAnswer } from './route.ts'
import { type DataPorts, dataRoutes } from './routes/data.ts'
import { faultRoutes } from './routes/faults.ts'
import { type FunctionPorts, functionRoutes } from './routes/functions.ts'
import { type LimitPorts, limitRoutes } from './routes/limits.ts'
import { type MessagePorts, messageRoutes } from './routes/messages.ts'
import { type PaymentPorts, paymentRoutes } from './routes/payments.ts'
import { type RulePorts, ruleRoutes } from './routes/rules.ts'
import { type SystemPorts, systemRoutes } from './routes/system.ts'
import { type TimerPorts, timerRoutes } from './routes/timers.ts'

export { createStored, type Stored } from './stored.ts'
export { createTraces, type Traces } from './traces.ts'
export { createUsers, type Users } from './users.ts'

export interface ControlCall {
  method: string
  path: string
  query: URLSearchParams
  /** Reads the request's body; asked for only when the route has one. */
  body(): Promise<unknown>
  /** The same for a route whose body is not JSON. */
  text(): Promise<string>
}

export interface ControlDeps extends SystemPorts {
  log: Log
  faults: Faults
  timers: TimerPorts
  functions: FunctionPorts
  limits: LimitPorts
  payments: PaymentPorts
  messages: MessagePorts
  data: DataPorts
  rules: RulePorts
}

/** The API behind `/control`: looks into the local cloud and moves it. Never rejects for a bad request. */
export type Control = (call: ControlCall) => Promise<{ status: number; contentType: string; body: string }>

export function createControl(deps: ControlDeps): Control {
  const routes: ControlRoute[] = [
    ...systemRoutes(deps),
    ...faultRoutes(deps.faults),
    ...limitRoutes(deps.limits),
    ...functionRoutes(deps.functions),
    ...timerRoutes(deps.timers),
    ...paymentRoutes(deps.payments, deps.users),
    ...messageRoutes(deps.messages, deps.users),
    ...dataRoutes(deps.data),
    ...ruleRoutes(deps.rules),
    route({
      method: 'GET',
      path: '/control/openapi.json',
      summary: 'This description',
      handle: () => describeRoutes(routes),
    }),
  ]
  return async (call) => {
    try {
      return reply(200, await dispatch(routes, call))
    } catch (error) {
      if (error instanceof ControlRefusal)
        return reply(error.status, { code: error.code, message: error.message })
      if (error instanceof WireError) return reply(409, { code: error.code, message: error.message })
      throw error
    }
  }
}

async function dispatch(routes: ControlRoute[], call: ControlCall): Promise<unknown> {
  let isKnownPath = false
  for (const candidate of routes) {
    const params = match(candidate.path, call.path)
    if (!params) continue
    isKnownPath = true
    if (candidate.method !== call.method) continue
    const body = await bodyOf(candidate, call)
    return candidate.handle({ body, query: Object.fromEntries(call.query), params })
  }
  if (isKnownPath)
    throw new ControlRefusal(405, 'METHOD_NOT_ALLOWED', `${call.method} is not offered at ${call.path}`)
  throw new ControlRefusal(404, 'NOT_FOUND', `there is nothing at ${call.path}; see /control/openapi.json`)
}

async function bodyOf({ body, textType }: ControlRoute, call: ControlCall): Promise<unknown> {
  if (textType !== undefined) return call.text()
  return body ? call.body() : undefined
}

function match(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/')
  const given = path.split('/')
  if (wanted.length !== given.length) return undefined
  const params: Record<string, string> = {}
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? ''
    if (part.startsWith('{')) params[part.slice(1, -1)] = value
    else if (part !== value) return undefined
  }
  return params
}

function reply(status: number, value: unknown) {
  if (value instanceof TextAnswer) return { status, contentType: value.contentType, body: value.text }
  return { status, contentType: 'application/json; charset=utf-8', body: JSON.stringify(value) ?? 'null' }
}
