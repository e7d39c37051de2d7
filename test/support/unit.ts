import { forgetInstance } from '../../cloudfunctions/_kernel/index.ts'
import { WireError } from '../../emulator/core/errors.ts'
import { LOCAL_APPID, openidOf } from '../../emulator/core/identity.ts'
import type { Wechat } from '../../emulator/wechat/index.ts'
import { type Caller, createCaller } from './caller.ts'
import { installDate } from './clock-date.ts'
import { functionSettings, loadMain, type Main, readRules } from './functions-under-test.ts'
import { createMockCloud, type Engines, type MockCloud } from './mock-sdk/cloud.ts'
import { type Invocation, mock } from './mock-sdk/control.ts'
import type { Failure } from './mock-sdk/failures.ts'
import { type RawCollection, rawCollection } from './raw-collection.ts'

export type { Caller, CallOptions, Reply } from './caller.ts'

export interface UnitCloud {
  /** A mini program user by name; `admin` is the operator of ADMIN_OPENIDS. */
  as(name: string): Caller
  /** Another function, on behalf of the named user or of nobody. */
  asFunction(onBehalfOf?: string): Caller
  asTimer(functionName: string, triggerName: string): Promise<unknown>
  /** A callback of the platform: no user, no source that anybody trusts. */
  asPlatform(functionName: string, event: object): Promise<unknown>
  openid(name: string): string
  /** Stands still until it is moved; `Date` follows it. */
  readonly clock: { nowMs(): number; advance(ms: number): Promise<void>; set(epochMs: number): Promise<void> }
  /** Raw access, past the functions. */
  collection(name: string): RawCollection
  /** Database requests of the last finished call. */
  databaseCalls(): number
  /** WeChat's other side: pay, refuse, grant messages. */
  readonly wechat: Wechat
  /** Answers `openapi.<name>`, `cloudPay.<name>` or `getOpenData` in the simulator's place. */
  override(api: string, answer: (data: unknown) => unknown): void
  /** Makes the next matching SDK calls fail. */
  fail(action: string, failure: Failure): void
  /** New instances of every function: their caches are empty, the data stays. */
  restartFunctions(): void
}

const START_MS = Date.UTC(2026, 0, 5, 2)
const CLIENT = 'wx_client'
const CALLBACK = 'wx_unknown'

const running = new Set<MockCloud & Engines>()
let latest: MockCloud | undefined

installDate(() => (mock.invocation()?.cloud ?? latest)?.clock.nowMs() ?? START_MS)

/** After each test file; see `unit-setup.ts`. */
export async function stopUnitClouds(): Promise<void> {
  for (const cloud of running) await cloud.stop()
  running.clear()
}

export interface UnitCloudOptions {
  /** Functions besides the project's own, by name; each loads a module that has `main`. */
  functions?: Record<string, () => Promise<{ main: Main }>>
  /** Collections besides the project's own. */
  collections?: string[]
}

/** A fresh cloud in this process: empty collections with their indexes, every function at hand, a clock by hand. */
export async function unitCloud(options: UnitCloudOptions = {}): Promise<UnitCloud> {
  const mains = new Map<string, Promise<Main>>()
  let lastCalls = 0

  const cloud = await createMockCloud({
    startMs: START_MS,
    permissionsOf: (name) => functionSettings(name)?.permissions?.openapi,
    async runFunction(name, event, caller) {
      const source = caller?.source ? `${caller.source},scf` : 'scf'
      return run(name, event, { source }).catch((cause: unknown) => {
        if (cause instanceof WireError) throw cause
        const message = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
        throw new WireError('FUNCTIONS_EXECUTE_FAIL', message, { cause })
      })
    },
    async invoke({ functionName, event, identity, source }) {
      try {
        const json = await run(functionName, event, { source, openid: identity.openid })
        return { ok: true, value: parsed(json) }
      } catch (cause) {
        return { ok: false, code: 'FUNCTIONS_EXECUTE_FAIL', message: String(cause) }
      }
    },
  })
  running.add(cloud)
  latest = cloud
  mock.connect(cloud)
  for (const { collection, indexes } of readRules()) {
    await cloud.database.createCollection(collection)
    if (indexes.length > 0) await cloud.database.ensureIndexes(collection, indexes)
  }
  for (const name of options.collections ?? []) await cloud.database.createCollection(name)
  restartFunctions()

  /** Instances live as long as this cloud: what they remember would otherwise outlive its data. */
  function restartFunctions(): void {
    forgetInstance()
  }

  async function load(functionName: string): Promise<Main> {
    const extra = options.functions?.[functionName]
    return extra ? (await extra()).main : loadMain(functionName)
  }

  /** As the platform runs a function: the event and the result travel as JSON, and nothing stays open behind it. */
  async function run(
    functionName: string,
    event: unknown,
    who: { source: string; openid?: string },
  ): Promise<string | undefined> {
    const main = mains.get(functionName) ?? load(functionName)
    mains.set(functionName, main)
    const loaded = await main
    const sent: unknown = JSON.parse(JSON.stringify(withUser(event, who)) ?? 'null')
    const as = { cloud, functionName, appid: LOCAL_APPID, clientIp: '127.0.0.1', ...who }
    return mock.run(as, async (invocation) => {
      try {
        return JSON.stringify(await loaded(sent, contextOf(functionName, invocation)))
      } finally {
        lastCalls = invocation.databaseCalls
        await cloud.database.endInvocation(invocation.id)
      }
    })
  }

  const callerOf = (who: { source: string; openid?: string }, onBehalfOf?: string): Caller =>
    createCaller(async (functionName, event) => parsed(await run(functionName, event, who)), onBehalfOf)

  return {
    as: (name) => callerOf({ source: CLIENT, openid: openidOf(LOCAL_APPID, name) }),
    asFunction: (name) =>
      callerOf({ source: `${CLIENT},scf` }, name === undefined ? undefined : openidOf(LOCAL_APPID, name)),
    async asTimer(functionName, TriggerName) {
      const Time = new Date(cloud.clock.nowMs()).toISOString()
      const event = { Type: 'Timer', TriggerName, Time, Message: '' }
      return parsed(await run(functionName, event, { source: 'wx_trigger' }))
    },
    asPlatform: (functionName, event) => callerOf({ source: CALLBACK }).send(functionName, event),
    openid: (name) => openidOf(LOCAL_APPID, name),
    clock: cloud.clock,
    collection: (name) => rawCollection(cloud.database, name),
    databaseCalls: () => lastCalls,
    wechat: cloud.wechat,
    override: (api, answer) => void cloud.overrides.set(api, answer),
    fail: (action, failure) => cloud.failures.add(action, failure),
    restartFunctions,
  }
}

function parsed(json: string | undefined): unknown {
  return json === undefined ? undefined : JSON.parse(json)
}

/** The platform adds who calls, over whatever the caller put there; a timer's event stays as it is. */
function withUser(event: unknown, { source, openid }: { source: string; openid?: string }): unknown {
  if (typeof event !== 'object' || event === null || Array.isArray(event) || source === 'wx_trigger')
    return event
  return { ...event, userInfo: { appId: LOCAL_APPID, openId: openid } }
}

function contextOf(functionName: string, { id, cloud }: Invocation): Record<string, unknown> {
  return { request_id: id, function_name: functionName, namespace: cloud.envId, function_version: '$LATEST' }
}
