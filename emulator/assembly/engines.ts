/** The services of the cloud: what functions and clients ask for, by whatever door. */
import { isReadByAll } from '../access/index.ts'
import { createDatabase } from '../database/index.ts'
import {
  createFunctions,
  createMeteredInvoke,
  type FunctionDefinition,
  withBuiltIns,
} from '../functions/index.ts'
import { readAppPages } from '../project/index.ts'
import { createStorage } from '../storage/index.ts'
import { createTimers } from '../timers/index.ts'
import { withLoginKey } from '../web/index.ts'
import { createWechat } from '../wechat/index.ts'
import type { EmulatorOptions, Ground } from './ground.ts'

export type Engines = ReturnType<typeof createEngines>

/** What the services need of the doors, which are built on them and so come later. */
export interface Doors {
  url(): string
  loginKey: Parameters<typeof withLoginKey>[1]
  mayAccessFile: NonNullable<Parameters<typeof createStorage>[0]['mayAccess']>
}

export function createEngines(ground: Ground, options: EmulatorOptions, doors: Doors) {
  const { project, folder, envId, appid, clock, ids, log, faults, cost, limits, traces, state, users } =
    ground

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
    baseUrl: doors.url,
    isPublicRead: () => isReadByAll(project.storageRule),
    mayAccess: doors.mayAccessFile,
  })
  const functions = createFunctions({
    dir: project.functionsDir,
    envId,
    clock,
    ids,
    log,
    gatewayUrl: doors.url,
    settingsOf: (name) => withLoginKey(project.functions.get(name) ?? {}, doors.loginKey),
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
    ground.metering,
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
    baseUrl: doors.url,
    openidOf: (userName) => users.identityOf(userName)?.openid,
  })
  const timers = createTimers({
    clock,
    log,
    triggers: () => functions.list().flatMap(triggersOf),
    invoke: (functionName, event) =>
      invokeInside({ functionName, event, identity: { appid }, source: 'wx_trigger', trigger: 'timer' }),
  })
  return { database, storage, functions, invoke, invokeInside, wechat, timers }
}

function triggersOf({ name, trigger }: FunctionDefinition) {
  return trigger ? [{ functionName: name, ...trigger }] : []
}
