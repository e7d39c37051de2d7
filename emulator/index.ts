/** The local cloud: the only file that knows all modules, and hands each what it needs of the others. */
import { join, resolve } from 'node:path'
import { createAccess, createDocumentReader, isReadByAll } from './access/index.ts'
import { createClient } from './client/index.ts'
import {
  type Control,
  createControl,
  createStored,
  createTraces,
  createUsers,
  type Stored,
  type Users,
} from './control/index.ts'
import { type Clock, type ClockMode, createClock } from './core/clock.ts'
import { openClockFile } from './core/clock-file.ts'
import { type CostMeter, createCostMeter } from './core/cost.ts'
import { lockData } from './core/data-lock.ts'
import { WireError } from './core/errors.ts'
import { createFaults, type Faults, seededRandom } from './core/faults.ts'
import { createGate } from './core/gate.ts'
import { LOCAL_APPID } from './core/identity.ts'
import { createIds } from './core/ids.ts'
import { createLog, type Log } from './core/log.ts'
import { createMetering } from './core/metering.ts'
import type { Module } from './core/module.ts'
import { createState } from './core/state.ts'
import { createDatabase, type Database } from './database/index.ts'
import { toCurrent } from './dialects/index.ts'
import {
  CallFailed,
  clientErrMsg,
  createFunctions,
  createMeteredInvoke,
  type FunctionDefinition,
  type Invocation,
  type InvokeResult,
  instanceEnvironment,
  invokeFunctionAction,
  trafficShares,
  withBuiltIns,
} from './functions/index.ts'
import { type AdminActions, createGateway, type HandleAdmin } from './gateway/index.ts'
import { createHttpAccess } from './http-access/index.ts'
import { createLimits, type LimitSettings, type Limits, limitSettings } from './limits/index.ts'
import { type Project, ProjectError, readAppPages, readProject } from './project/index.ts'
import { createRealtime } from './realtime/index.ts'
import { assertRules, createRules, fillTemplates, RuleError } from './rules/index.ts'
import { createShim } from './shim/index.ts'
import { createStorage } from './storage/index.ts'
import { createTimers, type Timers } from './timers/index.ts'
import { createWeb, readLoginKeyFiles, withLoginKey } from './web/index.ts'
import { createWechat, type Wechat } from './wechat/index.ts'

export { DataInUse } from './core/data-lock.ts'
export { CallFailed } from './functions/index.ts'
export { PLAN_LIMITS } from './limits/index.ts'
export { ProjectError } from './project/index.ts'

export interface EmulatorOptions {
  /** 0, the default, takes a free port. */
  port?: number
  /** Folder for everything that is stored; memory only when absent. */
  data?: string
  /** The CloudBase project; the current folder when absent. */
  project?: string
  /** Folder of the functions and of the database rules, when not where the project says. */
  functions?: string
  rules?: string
  /** Environment id. */
  env?: string
  /** Makes collections that a program uses and nobody created, instead of failing as the platform does. */
  createCollections?: boolean
  clock?: ClockMode
  clockStartMs?: number
  /** For `{{env.X}}` in cloudbaserc.json; the environment of this process when absent. */
  variables?: Record<string, string | undefined>
  /** Makes injected faults with a probability repeatable. */
  faultSeed?: number
  /** Rates are not limited unless they are set here; sizes are the plan's. */
  limits?: Partial<LimitSettings>
  /** Called with the log before anything is written to it. */
  onLog?(log: Log): void
}

export interface Emulator {
  /** `http://127.0.0.1:<port>` */
  readonly url: string
  readonly port: number
  readonly envId: string
  readonly appid: string
  readonly clock: Clock
  readonly faults: Faults
  readonly cost: CostMeter
  readonly limits: Limits
  readonly log: Log
  readonly users: Users
  readonly timers: Timers
  readonly database: Database
  readonly payments: Wechat['control']['payments']
  readonly wechat: Wechat['control']
  readonly stored: Stored
  functions(): FunctionDefinition[]
  readonly functionsDir: string
  /** Calls a function as a user's mini program does. Rejects with CallFailed, which holds errCode and errMsg. */
  call(functionName: string, event: Record<string, unknown>, userName: string): Promise<unknown>
  invoke(invocation: Invocation): Promise<InvokeResult>
  /** A server SDK's request without HTTP around it. */
  handleAdmin: HandleAdmin
  control: Control
  /** What makes a server SDK outside of functions talk to this cloud. */
  sdkEnvironment(): Record<string, string>
  stop(): Promise<void>
}

const DEFAULT_ENV_ID = 'local'

export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const project = readProject({
    dir: options.project ?? '.',
    functions: options.functions,
    rules: options.rules,
    variables: options.variables ?? process.env,
  })
  assertProjectRules(project)
  const data = options.data === undefined ? undefined : resolve(options.data)
  const folder = (name: string) => (data === undefined ? undefined : join(data, name))
  const envId = options.env ?? DEFAULT_ENV_ID
  const appid = LOCAL_APPID

  const lock = data === undefined ? undefined : await lockData(data)
  const mode = options.clock ?? 'real'
  const clockFile = openClockFile(data)
  const clock = createClock(mode, options.clockStartMs ?? clockFile.startMs(mode), (epochMs) =>
    clockFile.keep(mode, epochMs),
  )
  const ids = createIds()
  const log = createLog(clock.nowMs)
  options.onLog?.(log)
  const faults = createFaults(options.faultSeed === undefined ? undefined : seededRandom(options.faultSeed))
  const cost = createCostMeter((id) => functions.invocations.findById(id)?.route)
  const limits = createLimits({ qps: false, databaseConnections: false, ...options.limits })
  const traces = createTraces(clock.nowMs)
  const gate = createGate()
  const metering = createMetering(faults, cost, { admit: limits.admit, gate, onCall: traces.call })

  const state = createState(folder('state'))
  const users = createUsers({ state, appid })
  const database = createDatabase({
    dir: folder('database'),
    clock,
    ids,
    log,
    createCollections: options.createCollections,
  })
  const storage = createStorage({
    dir: folder('storage'),
    state,
    clock,
    ids,
    log,
    envId,
    baseUrl: () => gateway.url,
    isPublicRead: () => isReadByAll(project.storageRule),
    async mayAccess(operation, path, file, openid) {
      const [existing, user] = [file && { path, openid: file.openid }, { appid, openid }]
      const asked =
        operation === 'write'
          ? rules.writeFile(path, existing, user)
          : rules.readFile(existing ?? { path }, user)
      return asked.then(
        () => true,
        () => false,
      )
    },
  })
  const functions = createFunctions({
    dir: project.functionsDir,
    envId,
    clock,
    ids,
    log,
    gatewayUrl: () => gateway.url,
    settingsOf: (name) => withLoginKey(project.functions.get(name) ?? {}, () => web.customLoginKey()),
    onInvocationEnd: (id) => database.endInvocation(id),
    versionsDir: folder('versions'),
    sizes: limits.current,
    onStart: traces.start,
    onReport(report) {
      const { functionName, route } = report.running
      cost.run({ ...report, functionName, route })
      traces.report(report)
    },
  })

  const { invoke, invokeInside } = createMeteredInvoke(
    withBuiltIns(functions, () => wechat.builtInFunctions, ids),
    metering,
    ids,
  )

  const wechat = createWechat({
    state,
    clock,
    ids,
    log,
    faults,
    appid,
    envId,
    permissionsOf: (name) => functions.find(name)?.openApis,
    invoke: invokeInside,
    pages: () => readAppPages(project.miniProgramDir),
    baseUrl: () => gateway.url,
    openidOf: (userName) => users.identityOf(userName)?.openid,
  })
  const timers = createTimers({
    clock,
    log,
    triggers: () =>
      functions.list().flatMap(({ name, trigger }) => (trigger ? [{ functionName: name, ...trigger }] : [])),
    invoke: (functionName, event) =>
      invokeInside({ functionName, event, identity: { appid }, source: 'wx_trigger', trigger: 'timer' }),
  })

  const actions: AdminActions = {
    'functions.invokeFunction': {
      handle: (_, { fields }, { invocationId, functionName, source }) =>
        invokeFunctionAction(fields, source, appid, (call) => invoke(call, { invocationId, functionName })),
    },
    'database.': {
      service: 'database',
      handle: (action, { fields }, caller) => database.handle(action, fields, caller),
    },
    'storage.': {
      service: 'storage',
      handle: (action, { fields }, caller) => storage.handle(action, fields, caller),
    },
    'wx.openApi': wechatAction('wx.openApi'),
    'wx.wxPayApi': wechatAction('wx.wxPayApi'),
    'wx.api': wechatAction('wx.api'),
  }

  function wechatAction(action: Parameters<Wechat['handle']>[0]): AdminActions[string] {
    return {
      service: 'wechat',
      handle: (_, { fields, binary }, caller) =>
        wechat.handle(action, { text: textsOf(fields), binary }, caller),
    }
  }

  const stored = createStored({
    database,
    state,
    storage,
    clock,
    log,
    project: project.collections,
    gate,
    pendingPath: folder('snapshot-in-progress.json'),
    afterReplace() {
      wechat.resume()
      realtime.refresh()
    },
  })
  const control = createControl({
    clock,
    cost,
    log,
    users,
    faults,
    timers,
    functions: {
      list: functions.list,
      versions: functions.versions.list,
      async publish(name, description) {
        const definition = functions.find(name)
        if (!definition) throw new RangeError(`${name} cannot be published`)
        return functions.versions.publish(definition, description)
      },
      traffic: functions.traffic.sharesOf,
      setTraffic: functions.traffic.set,
      trafficShares,
      traces,
      async test({ functionName, event, qualifier, userName }) {
        const identity = userName === undefined ? { appid } : users.identityOf(userName)
        if (!identity) throw new WireError('INVALID_PARAM', `${userName} cannot be a user name`)
        const caller =
          userName === undefined ? ({ source: '', trigger: 'test' } as const) : { source: 'wx_client' }
        const result = await invokeInside({ functionName, event, identity, qualifier, ...caller })
        return result.ok ? { ...result, json: undefined } : { ...result, errMsg: clientErrMsg(result) }
      },
    },
    limits: { ...limits, settings: limitSettings.partial() },
    payments: wechat.control.payments,
    messages: wechat.control,
    data: stored,
    rules: { coverage: () => rules.coverage(ruleFiles) },
    health: () => ({
      url: gateway.url,
      pid: process.pid,
      env: envId,
      appid,
      project: project.dir,
      data: data ?? null,
      functions: functions.list().map(({ name }) => name),
      instances: functions.instanceCount(),
    }),
  })
  const getRuleDocument = createDocumentReader({
    handle: database.handle,
    nowMs: clock.nowMs,
    onRead() {
      const call = { service: 'database', operation: 'database.getDocument' } as const
      cost.record(call)
      cost.use(call, { recordsRead: 1, recordsWritten: 0, storageOperations: 0 })
    },
  })
  const ruleFiles = { collections: project.collections, storage: project.storageRule }
  const rules = createRules({
    collectionRule: (name) => project.collections.find((collection) => collection.name === name),
    storageRule: () => project.storageRule,
    functionRule: () => project.functionRule,
    getDocument: getRuleDocument,
    nowMs: clock.nowMs,
    log,
  })
  const access = createAccess({ rules, database, storage, metering, fillTemplates, nowMs: clock.nowMs })
  const realtime = createRealtime({
    database,
    envId,
    ids,
    log,
    authorize: access.watch,
    clientOfUser: (name) => users.identityOf(name),
    clientOfToken: async ({ signStr }) => web.clientOfLogin(signStr),
  })
  const web = createWeb({
    state,
    clock,
    ids,
    envId,
    appid,
    baseUrl: () => gateway.url,
    access,
    toCurrent,
    projectKeys: () => [
      ...functions.list().flatMap(({ variables }) => Object.values(variables)),
      ...readLoginKeyFiles(project.functionsDir),
    ],
    invoke: ({ functionName, event, user, clientIp }) =>
      invoke({ functionName, event, identity: { appid, clientIp, web: user }, source: 'web_client' }),
  })
  const shim = createShim()
  const client = createClient({
    ids,
    identityOf: (userName) => users.identityOf(userName),
    async callFunction(call) {
      const result = await invoke({ ...call, source: 'wx_client' })
      return result.ok ? result : { ...result, errMsg: clientErrMsg(result) }
    },
    assertMayInvoke: access.assertMayInvoke,
    openData: (cloudId, identity) => wechat.openData(cloudId, identity),
    access,
    script: shim.script,
  })
  const httpAccess = createHttpAccess({
    invoke: (functionName, event) =>
      invokeInside({ functionName, event, identity: { appid }, source: '', trigger: 'http' }),
    findHttpFunction(name) {
      const definition = functions.find(name)
      if (!definition?.isHttp) return undefined
      const { variables } = definition
      return { ...definition, env: instanceEnvironment({ envId, gatewayUrl: gateway.url, variables }) }
    },
    metering,
    onRun: cost.run,
    identityOf: (userName) => users.identityOf(userName),
    envId,
    ids,
    log,
    maxBodyBytes: () => limits.current().eventBytes,
  })
  const gateway = createGateway({
    port: options.port ?? 0,
    actions,
    toCurrent,
    metering,
    ids,
    log,
    envId,
    invocations: functions.invocations,
    control,
    serveFile: (request, response, url) => storage.serveHttp(request, response, url),
    routes: [...client.routes, ...web.routes, ...httpAccess.routes, ...wechat.routes],
    sockets: [...realtime.sockets, ...httpAccess.sockets],
  })

  const modules: Module[] = [
    state,
    database,
    storage,
    functions,
    web,
    gateway,
    // Stopped before the gateway, which waits for the sockets that they hold.
    httpAccess,
    realtime,
    wechat,
    timers,
  ]
  const stop = async () => {
    for (const module of modules.toReversed()) await module.stop()
    clock.stop()
    lock?.release()
  }
  try {
    for (const module of modules) {
      await module.start()
      if (module === database) await stored.ensureProject()
      if (module === storage) await stored.resume()
    }
  } catch (error) {
    await stop()
    throw error
  }
  lock?.announce(gateway.url)

  return {
    url: gateway.url,
    port: Number(new URL(gateway.url).port),
    envId,
    appid,
    clock,
    faults,
    cost,
    limits,
    log,
    users,
    timers,
    database,
    payments: wechat.control.payments,
    wechat: wechat.control,
    stored,
    functions: () => functions.list(),
    functionsDir: project.functionsDir,
    async call(functionName, event, userName) {
      const identity = users.identityOf(userName)
      if (!identity) throw new RangeError(`${userName} cannot be a user name`)
      const result = await invokeInside({ functionName, event, identity, source: 'wx_client' })
      if (!result.ok) throw new CallFailed(result)
      return result.value
    },
    invoke: invokeInside,
    handleAdmin: gateway.handleAdmin,
    control,
    sdkEnvironment: () => instanceEnvironment({ envId, gatewayUrl: gateway.url, variables: {} }),
    stop,
  }
}

function assertProjectRules({ collections, storageRule, functionRule }: Project): void {
  try {
    assertRules({ collections, storage: storageRule, functions: functionRule })
  } catch (error) {
    throw error instanceof RuleError ? new ProjectError(error.message) : error
  }
}

function textsOf(fields: Record<string, unknown>): Record<string, string> {
  const texts: Record<string, string> = {}
  for (const [name, value] of Object.entries(fields)) if (typeof value === 'string') texts[name] = value
  return texts
}
