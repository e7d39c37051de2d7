import { join } from 'node:path'
import { LOCAL_APPID, openidOf } from '../../emulator/core/identity.ts'
import { type Emulator, type EmulatorOptions, startEmulator } from '../../emulator/index.ts'
import { type Caller, createCaller } from './caller.ts'
import { type RawCollection, rawCollection } from './raw-collection.ts'

/** A whole local cloud for a journey: the built functions with the real SDK, called as a mini program calls them. */
export interface LiveCloud {
  as(name: string): Caller
  openid(name: string): string
  /** Runs the function's timer now. */
  fireTimer(functionName: string): Promise<unknown>
  /** Raw access, past the functions. */
  collection(name: string): RawCollection
  /** A request to `/control/<path>` as an operator of the local cloud makes it. */
  control(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<unknown>
  /** Clock, payments, faults, cost, log and everything else. */
  readonly emulator: Emulator
  stop(): Promise<void>
}

const PROJECT_DIR = join(import.meta.dirname, '../..')
const START_MS = Date.UTC(2026, 0, 5, 2)

/** A call of the client that did not reach a reply: what `wx.cloud.callFunction` rejects with. */
export class ClientCallFailed extends Error {
  constructor(
    readonly errCode: number,
    readonly errMsg: string,
  ) {
    super(errMsg)
  }
}

/** In memory, on a free port, with a clock that stands still at Monday 10:00 in China until it is moved. */
export async function liveCloud(options: EmulatorOptions = {}): Promise<LiveCloud> {
  const emulator = await startEmulator({
    project: PROJECT_DIR,
    clock: 'manual',
    clockStartMs: START_MS,
    variables: { ...process.env, ADMIN_OPENIDS: openidOf(LOCAL_APPID, 'admin') },
    ...options,
  })

  async function callFunction(user: string, functionName: string, event: unknown): Promise<unknown> {
    const reply = await post(`${emulator.url}/client/functions/${functionName}`, event, {
      'x-emulator-user': user,
    })
    if (typeof reply.errCode === 'number') throw new ClientCallFailed(reply.errCode, String(reply.errMsg))
    return reply.result
  }

  return {
    as: (name) => createCaller((functionName, event) => callFunction(name, functionName, event)),
    openid: (name) => openidOf(emulator.appid, name),
    async fireTimer(functionName) {
      const fired = emulator.timers.fire(functionName)
      if (!fired) throw new Error(`${functionName} has no timer`)
      return fired
    },
    collection: (name) => rawCollection(emulator.database, name),
    async control(method, path, body) {
      const response = await fetch(`${emulator.url}/control/${path}`, {
        method,
        headers: { 'content-type': 'application/json' },
        body: body === undefined ? undefined : JSON.stringify(body),
      })
      const answer: unknown = await response.json()
      if (!response.ok)
        throw new Error(`${method} /control/${path}: ${response.status} ${JSON.stringify(answer)}`)
      return answer
    },
    emulator,
    stop: () => emulator.stop(),
  }
}

async function post(
  url: string,
  body: unknown,
  headers: Record<string, string>,
): Promise<Record<string, unknown>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  // The gateway answers every request with a JSON object.
  return (await response.json()) as Record<string, unknown>
}
