import * as z from 'zod'
import { ControlRefusal, type ControlRoute, route } from '../route.ts'
import type { Trace, Traces } from '../traces.ts'

/** One function as it lies in the folder. */
export interface FunctionView {
  name: string
  timeoutMs: number
  memoryMb: number
  openApis: string[]
  trigger?: { name: string; cron: string }
}

type Shares = { version: string; percent: number }[]

export interface FunctionPorts {
  list(): FunctionView[]
  versions(name: string): { version: string }[]
  publish(name: string, description: string): Promise<object>
  traffic(name: string): Shares
  setTraffic(name: string, shares: Shares): void
  /** Checks shares of traffic. */
  trafficShares: z.ZodType<Shares>
  traces: Traces
  /** Without a user: as the platform's console tests a function. */
  test(call: {
    functionName: string
    event: object
    qualifier: string | undefined
    userName: string | undefined
  }): Promise<object>
}

const LATEST = '$LATEST'

/** Functions, their versions and traffic, and the traces of their calls. */
export function functionRoutes(functions: FunctionPorts): ControlRoute[] {
  function getFunction(name = ''): FunctionView {
    const found = functions.list().find((one) => one.name === name)
    if (!found) throw new ControlRefusal(404, 'NOT_FOUND', `no function ${name}`)
    return found
  }
  const viewOf = ({ name, timeoutMs, memoryMb, openApis, trigger }: FunctionView) => ({
    name,
    timeoutMs,
    memoryMb,
    openApis,
    trigger,
    versions: functions.versions(name),
    traffic: functions.traffic(name),
  })
  return [
    route({
      method: 'GET',
      path: '/control/functions',
      summary: 'Functions with their settings, versions and shares of traffic',
      handle: () => ({ functions: functions.list().map(viewOf) }),
    }),
    route({
      method: 'GET',
      path: '/control/functions/{name}',
      summary: 'One function',
      handle: ({ params }) => viewOf(getFunction(params.name)),
    }),
    route({
      method: 'POST',
      path: '/control/functions/{name}/versions',
      summary: 'Publishes a version: a copy of the code and settings as they are now',
      body: z.strictObject({ description: z.string().max(1_000).default('') }),
      handle: ({ params, body }) => functions.publish(getFunction(params.name).name, body.description),
    }),
    route({
      method: 'POST',
      path: '/control/functions/{name}/test',
      summary: 'Calls a function, or one of its versions; as a user of the mini program, or without any',
      body: z.strictObject({
        event: z.record(z.string(), z.unknown()).default({}),
        qualifier: z.string().optional().describe("a version's number or $LATEST"),
        user: z.string().optional(),
      }),
      handle: ({ params, body: { event, qualifier, user } }) =>
        functions.test({ functionName: getFunction(params.name).name, event, qualifier, userName: user }),
    }),
    route({
      method: 'PUT',
      path: '/control/functions/{name}/traffic',
      summary:
        'Which share of calls each version gets; a user stays with a version. Not for HTTP access and timers',
      body: z.strictObject({ shares: functions.trafficShares }),
      handle({ params, body: { shares } }) {
        const { name } = getFunction(params.name)
        const known = [LATEST, ...functions.versions(name).map(({ version }) => version)]
        for (const { version } of shares) {
          if (known.includes(version)) continue
          const message = `${name} has no version ${version}; it has ${known.join(', ')}`
          throw new ControlRefusal(404, 'NOT_FOUND', message)
        }
        functions.setTraffic(name, shares)
        return { shares: functions.traffic(name) }
      },
    }),
    route({
      method: 'GET',
      path: '/control/traces',
      summary: 'Calls as trees, the latest first: what each function asked the cloud for, and whom it called',
      query: z.object({
        function: z.string().optional(),
        route: z.string().optional(),
        requestId: z.string().optional(),
        failed: z.enum(['true', 'false']).optional(),
        limit: z.coerce.number().int().min(1).max(1_000).default(50),
      }),
      handle: ({ query: { limit, ...filter } }) => ({
        traces: functions.traces.list((trace) => isWanted(trace, filter), limit),
      }),
    }),
  ]
}

function isWanted(
  trace: Trace,
  wanted: { function?: string; route?: string; requestId?: string; failed?: 'true' | 'false' },
): boolean {
  return (
    (wanted.function === undefined || trace.function === wanted.function) &&
    (wanted.route === undefined || trace.route === wanted.route) &&
    (wanted.requestId === undefined || trace.requestId === wanted.requestId) &&
    (wanted.failed === undefined || String(trace.code !== undefined) === wanted.failed)
  )
}
