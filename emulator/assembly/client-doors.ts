/** The doors of clients: mini programs, web pages and partners' HTTP calls, all but the last under security rules. */
import { createAccess, createDocumentReader } from '../access/index.ts'
import { createClient } from '../client/index.ts'
import { toCurrent } from '../dialects/index.ts'
import { clientErrMsg, instanceEnvironment } from '../functions/index.ts'
import { createHttpAccess } from '../http-access/index.ts'
import { createRealtime } from '../realtime/index.ts'
import { createRules, fillTemplates } from '../rules/index.ts'
import { createShim } from '../shim/index.ts'
import { createWeb, readLoginKeyFiles } from '../web/index.ts'
import type { Engines } from './engines.ts'
import type { Ground } from './ground.ts'

export function createClientDoors(ground: Ground, engines: Engines, url: () => string) {
  const { project, envId, appid, clock, ids, log, cost, limits, metering, state, users } = ground
  const { database, storage, functions, invoke, invokeInside, wechat } = engines

  const rules = createRules({
    collectionRule: (name) => project.collections.find((collection) => collection.name === name),
    storageRule: () => project.storageRule,
    functionRule: () => project.functionRule,
    getDocument: createDocumentReader({
      handle: database.handle,
      nowMs: clock.nowMs,
      onRead() {
        const call = { service: 'database', operation: 'database.getDocument' } as const
        cost.record(call)
        cost.use(call, { recordsRead: 1, recordsWritten: 0, storageOperations: 0 })
      },
    }),
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
    baseUrl: url,
    access,
    toCurrent,
    onSignOut: () => realtime.endLogins(({ signStr }) => web.isLoginOver(signStr)),
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
      return { ...definition, env: instanceEnvironment({ envId, gatewayUrl: url(), variables }) }
    },
    metering,
    onRun: cost.run,
    identityOf: (userName) => users.identityOf(userName),
    envId,
    ids,
    log,
    maxBodyBytes: () => limits.current().eventBytes,
  })
  return { rules, realtime, web, client, httpAccess }
}
