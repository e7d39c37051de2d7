/** The web side on a real gateway, database and storage, with plain rules and functions that answer what they got. */
import { type Access, createAccess } from '../access/index.ts'
import { type Clock, createClock } from '../core/clock.ts'
import { createCostMeter } from '../core/cost.ts'
import { createFaults } from '../core/faults.ts'
import { LOCAL_APPID } from '../core/identity.ts'
import { createIds } from '../core/ids.ts'
import { createLog } from '../core/log.ts'
import { createMetering } from '../core/metering.ts'
import { createState } from '../core/state.ts'
import { createDatabase, type Database } from '../database/index.ts'
import { toCurrent } from '../dialects/index.ts'
import { createGateway } from '../gateway/index.ts'
import { createRules, fillTemplates } from '../rules/index.ts'
import { createStorage } from '../storage/index.ts'
import { createWeb, type Web, type WebInvocation } from './index.ts'

export interface TestWeb extends AsyncDisposable {
  readonly url: string
  clock: Clock
  web: Web
  database: Database
  access: Access
  /** Calls of functions that arrived. */
  calls: WebInvocation[]
  /** A request with a JSON body, as this user. */
  send(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: Record<string, unknown> }>
  /** Signs in anonymously from a device; gives the credentials. */
  signIn(deviceId?: string): Promise<Record<string, string>>
  /** The header of who has signed in. */
  as(credentials: Record<string, string>): Record<string, string>
}

export const START_MS = Date.UTC(2026, 0, 1)

/** Documents and files are their creators'; `locked` is closed, and so is the function `internal`. */
const ruleFiles = {
  collectionRule: (name: string) => (name === 'locked' ? ({ permission: 'ADMINONLY' } as const) : undefined),
  storageRule: () => undefined,
  functionRule: () => ({ '*': { invoke: 'auth != null' }, internal: { invoke: false } }),
}

export async function startWeb(options: { projectKeys?: string[] } = {}): Promise<TestWeb> {
  const clock = createClock('manual', START_MS)
  const ids = createIds()
  const log = createLog(clock.nowMs)
  const metering = createMetering(createFaults(), createCostMeter())
  const state = createState(undefined)
  const envId = 'local'
  const baseUrl = () => gateway.url
  const database = createDatabase({ dir: undefined, clock, ids, log })
  const storage = createStorage({ dir: undefined, state, clock, ids, log, envId, baseUrl })
  const rules = createRules({
    ...ruleFiles,
    getDocument: async () => undefined,
    nowMs: clock.nowMs,
    log,
  })
  const access = createAccess({ rules, fillTemplates, database, storage, metering, nowMs: clock.nowMs })
  const calls: WebInvocation[] = []
  const web = createWeb({
    state,
    clock,
    ids,
    envId,
    appid: LOCAL_APPID,
    baseUrl,
    access,
    toCurrent,
    projectKeys: () => options.projectKeys ?? [],
    async invoke(call) {
      calls.push(call)
      const requestId = ids.requestId()
      if (call.functionName === 'missing')
        return { ok: false, code: 'FUNCTION_NOT_FOUND', message: 'no such function', requestId }
      if (call.functionName === 'broken')
        return { ok: false, code: 'FUNCTIONS_EXECUTE_FAIL', message: 'thrown', requestId }
      return { ok: true, json: JSON.stringify(call.event), requestId }
    },
  })
  const gateway = createGateway({
    port: 0,
    actions: {},
    toCurrent,
    metering,
    ids,
    log,
    envId,
    invocations: { find: () => undefined, track: (_token, work) => work },
    control: async () => ({ contentType: 'text/plain', body: '' }),
    serveFile: (request, response, url) => storage.serveHttp(request, response, url),
    routes: web.routes,
    sockets: [],
  })
  const modules = [state, database, storage, web, gateway]
  for (const module of modules) await module.start()

  const send: TestWeb['send'] = async (method, path, body, headers = {}) => {
    const response = await fetch(gateway.url + path, {
      method,
      headers,
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    })
    return { status: response.status, body: Object(await response.json()) }
  }
  return {
    url: gateway.url,
    clock,
    web,
    database,
    access,
    calls,
    send,
    async signIn(deviceId = 'device-1') {
      const { body } = await send('POST', '/auth/v1/signin/anonymously', {}, { 'x-device-id': deviceId })
      return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, String(value)]))
    },
    as: ({ access_token }) => ({ authorization: `Bearer ${access_token}` }),
    async [Symbol.asyncDispose]() {
      for (const module of modules.toReversed()) await module.stop()
      clock.stop()
    },
  }
}
