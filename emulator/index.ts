/** The local cloud: puts the modules together, starts and stops them in order. */

import { adminActions } from './assembly/admin-actions.ts'
import { createClientDoors } from './assembly/client-doors.ts'
import { createControlDoor, createStoredData } from './assembly/control.ts'
import { createEngines } from './assembly/engines.ts'
import { createGround, type EmulatorOptions } from './assembly/ground.ts'
import { followRuleFiles } from './assembly/rule-files.ts'
import type { Control, Stored, Users } from './control/index.ts'
import type { Clock } from './core/clock.ts'
import type { CostMeter } from './core/cost.ts'
import type { Faults } from './core/faults.ts'
import type { Log } from './core/log.ts'
import type { Module } from './core/module.ts'
import type { Database } from './database/index.ts'
import { toCurrent } from './dialects/index.ts'
import {
  CallFailed,
  type FunctionDefinition,
  type Invocation,
  type InvokeResult,
  instanceEnvironment,
} from './functions/index.ts'
import { createGateway, type HandleAdmin } from './gateway/index.ts'
import type { Limits } from './limits/index.ts'
import type { Timers } from './timers/index.ts'
import type { Wechat } from './wechat/index.ts'

export type { EmulatorOptions } from './assembly/ground.ts'
export { DataInUse } from './core/data-lock.ts'
export { CallFailed } from './functions/index.ts'
export { PLAN_LIMITS } from './limits/index.ts'
export { ProjectError } from './project/index.ts'

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

export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const ground = await createGround(options, (id) => engines.functions.invocations.findById(id)?.route)
  const { project, clock, ids, log, users, envId, appid, lock } = ground
  const url = () => gateway.url
  const engines = createEngines(ground, options, {
    url,
    loginKey: () => clients.web.customLoginKey(),
    mayAccessFile(operation, path, file, openid) {
      const { rules } = clients
      const existing = file && { path, openid: file.openid }
      const user = { appid, openid }
      const decision =
        operation === 'write'
          ? rules.writeFile(path, existing, user)
          : rules.readFile(existing ?? { path }, user)
      return decision.then(
        () => true,
        () => false,
      )
    },
  })
  const clients = createClientDoors(ground, engines, url)
  const stored = createStoredData(ground, engines, () => clients.realtime.refresh())
  const control = createControlDoor(ground, engines, {
    url,
    data: stored,
    ruleCoverage: () =>
      clients.rules.coverage({ collections: project.collections, storage: project.storageRule }),
  })
  const { database, storage, functions, invokeInside, wechat, timers } = engines
  const { client, web, httpAccess, realtime } = clients
  const gateway = createGateway({
    port: options.port ?? 0,
    actions: adminActions(engines, appid),
    toCurrent,
    metering: ground.metering,
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
    ground.state,
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
    followRuleFiles({
      project,
      log,
      onChange: () => realtime.reauthorize(),
      ensureProject: () => stored.ensureProject(),
    }),
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
    faults: ground.faults,
    cost: ground.cost,
    limits: ground.limits,
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
