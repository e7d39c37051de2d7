/** The door of tests and tools: what `/control` looks at and moves. */
import { createControl, createStored } from '../control/index.ts'
import { WireError } from '../core/errors.ts'
import { clientErrMsg, trafficShares } from '../functions/index.ts'
import { limitSettings } from '../limits/index.ts'
import type { Engines } from './engines.ts'
import type { Ground } from './ground.ts'

export function createStoredData(
  { state, clock, log, project, gate, folder }: Ground,
  { database, storage, wechat }: Engines,
  afterReplace: () => void,
) {
  return createStored({
    database,
    state,
    storage,
    clock,
    log,
    project: () => project.collections,
    gate,
    pendingPath: folder('snapshot-in-progress.json'),
    afterReplace() {
      wechat.resume()
      afterReplace()
    },
  })
}

export function createControlDoor(
  ground: Ground,
  engines: Engines,
  deps: { url(): string; data: ReturnType<typeof createStoredData>; ruleCoverage(): object },
) {
  const { clock, cost, log, users, faults, limits, envId, appid, project } = ground
  const { functions, timers, wechat } = engines
  return createControl({
    clock,
    cost,
    log,
    users,
    faults,
    timers,
    functions: functionPorts(ground, engines),
    limits: { ...limits, settings: limitSettings.partial() },
    payments: wechat.control.payments,
    messages: wechat.control,
    data: deps.data,
    rules: { coverage: deps.ruleCoverage },
    health: () => ({
      url: deps.url(),
      pid: process.pid,
      env: envId,
      appid,
      project: project.dir,
      data: ground.data ?? null,
      functions: functions.list().map(({ name }) => name),
      instances: functions.instanceCount(),
    }),
  })
}

function functionPorts(
  { users, traces, appid }: Ground,
  { functions, invokeInside }: Engines,
): Parameters<typeof createControl>[0]['functions'] {
  return {
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
  }
}
