import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { type Clock, createClock } from '../../../emulator/core/clock.ts'
import { WireError } from '../../../emulator/core/errors.ts'
import { createFaults } from '../../../emulator/core/faults.ts'
import { LOCAL_APPID } from '../../../emulator/core/identity.ts'
import { createIds } from '../../../emulator/core/ids.ts'
import { createLog } from '../../../emulator/core/log.ts'
import { createState } from '../../../emulator/core/state.ts'
import { createDatabase, type Database } from '../../../emulator/database/index.ts'
import { createStorage, type Storage } from '../../../emulator/storage/index.ts'
import { createWechat, type Wechat } from '../../../emulator/wechat/index.ts'
import type { Invocation } from './control.ts'
import { createFailures, type Failures } from './failures.ts'

/** A reply of the wire: what the service answers, or `{ code, message }` when it refuses. */
export type Reply = Record<string, unknown>

/**
 * What the mocked SDK talks to: the emulator's engines in this process, without HTTP, processes or disk. Refusals come
 * back as replies, never as thrown classes, because the SDK's modules may be a second copy (see `control.ts`).
 */
export interface MockCloud {
  readonly envId: string
  readonly clock: Clock
  /** Answers in place of the simulator, by `openapi.<name>`, `cloudPay.<name>` or `getOpenData`. */
  readonly overrides: Map<string, (data: unknown) => unknown>
  readonly failures: Failures
  askDatabase(action: string, body: Record<string, unknown>, caller: Invocation | undefined): Promise<Reply>
  /** Success is `{ json }`: the function's result as text, undefined when it returned nothing. */
  askFunction(name: string, event: unknown, caller: Invocation | undefined): Promise<Reply>
  /** Success is `{ contentType, body }`, or for `wx.api` (which sends text) `{ data }`. */
  askWechat(
    action: 'wx.openApi' | 'wx.wxPayApi' | 'wx.api',
    apiName: string,
    request: { text?: Record<string, string>; binary?: Record<string, Uint8Array> },
    caller: Invocation | undefined,
  ): Promise<Reply>
  askStorage(action: string, body: Record<string, unknown>): Promise<Reply>
  /** The bytes of files, which the SDK sends and fetches over HTTP. */
  putFile(cloudPath: string, content: Buffer): Promise<void>
  readFile(fileID: string): Promise<Buffer>
}

/** The engines behind it, for tests to look into. */
export interface Engines {
  readonly database: Database
  readonly wechat: Wechat
  stop(): Promise<void>
}

export interface MockCloudOptions {
  startMs: number
  /** Runs a function in this process; resolves to its result as JSON text. Throws WireError. */
  runFunction?(name: string, event: unknown, caller: Invocation | undefined): Promise<string | undefined>
  /** `permissions.openapi` of the function's config.json; undefined when there is no such function. */
  permissionsOf?(functionName: string): string[] | undefined
  /** How WeChat calls a function back. */
  invoke?: Parameters<typeof createWechat>[0]['invoke']
}

/** The environment id that the emulator has too. */
export const MOCK_ENV = 'local'

export async function createMockCloud(options: MockCloudOptions): Promise<MockCloud & Engines> {
  const clock = createClock('manual', options.startMs)
  const ids = createIds()
  const log = createLog(clock.nowMs)
  const state = createState(undefined)
  const database = createDatabase({ dir: undefined, clock, ids, log })
  const wechat = createWechat({
    state,
    clock,
    ids,
    log,
    faults: createFaults(),
    appid: LOCAL_APPID,
    envId: MOCK_ENV,
    permissionsOf: options.permissionsOf ?? (() => undefined),
    invoke:
      options.invoke ??
      (async () => ({ ok: false, code: 'FUNCTION_NOT_FOUND', message: 'no functions here' })),
  })
  const storage = createStorage({
    dir: undefined,
    state,
    clock,
    ids,
    log,
    envId: MOCK_ENV,
    baseUrl: () => 'https://files.local',
  })
  const modules = [state, database, wechat]
  for (const module of modules) await module.start()

  // Most tests have no files, and a folder for them costs time.
  let started: Promise<Storage> | undefined
  const files = () => {
    started ??= storage.start().then(() => storage)
    return started
  }
  const failures = createFailures()
  const asked = async (action: string, work: () => Promise<Reply>): Promise<Reply> => {
    try {
      return await failures.around(action, work)
    } catch (cause) {
      if (cause instanceof WireError) return { code: cause.code, message: cause.message }
      throw cause
    }
  }

  return {
    envId: MOCK_ENV,
    clock,
    overrides: new Map(),
    failures,
    askDatabase: (action, body, caller) =>
      asked(action, () => database.handle(action, body, { invocationId: caller?.id })),
    askFunction: (name, event, caller) =>
      asked(`function.${name}`, async () => {
        const builtIn = wechat.builtInFunctions.get(name)
        if (builtIn) return { json: JSON.stringify(await builtIn(event, {})) }
        if (!options.runFunction) throw new WireError('FUNCTION_NOT_FOUND', `no such function: ${name}`)
        return { json: await options.runFunction(name, event, caller) }
      }),
    askWechat: (action, apiName, { text, binary = {} }, caller) =>
      asked(`${action === 'wx.wxPayApi' ? 'cloudPay' : 'openapi'}.${apiName}`, async () => ({
        ...(await wechat.handle(action, { text: { ...text, action, apiName }, binary }, caller ?? {})),
      })),
    askStorage: (action, body) => asked(action, async () => (await files()).handle(action, body, {})),
    async putFile(cloudPath, content) {
      await (await files()).upload(cloudPath, Readable.from([content]))
    },
    async readFile(fileID) {
      const file = storage.findFile(fileID)
      return file ? await buffer(storage.read(file)) : Buffer.alloc(0)
    },
    database,
    wechat,
    async stop() {
      clock.stop()
      await storage.stop()
      for (const module of modules.toReversed()) await module.stop()
    },
  }
}
