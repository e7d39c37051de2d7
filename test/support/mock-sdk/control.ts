import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'
import type { MockCloud } from './cloud.ts'

/** One run of a function: who it runs for, and what it did. Parallel runs never see each other's. */
export interface Invocation {
  readonly id: string
  /** Where its SDK calls go. */
  readonly cloud: MockCloud
  readonly functionName?: string
  readonly openid?: string
  readonly appid: string
  readonly unionid?: string
  readonly clientIp?: string
  /** `wx_client`, `wx_trigger`, `wx_client,scf`, … */
  readonly source?: string
  /** Requests to the database so far; each is billed. */
  databaseCalls: number
}

interface Shared {
  invocations: AsyncLocalStorage<Invocation>
  /** Used by SDK calls that no invocation made, such as a test's own. */
  fallback?: MockCloud
}

/** The handle of the mocked SDK: which cloud it talks to, and for whom the current code runs. */
export const mock = {
  /** From now on, SDK calls outside of any invocation go to this cloud. */
  connect(cloud: MockCloud): void {
    shared().fallback = cloud
  },
  /** Runs `work` as an invocation; `getWXContext()` and the bill belong to it alone. */
  run<T>(given: Omit<Invocation, 'id' | 'databaseCalls'>, work: (invocation: Invocation) => T): T {
    const invocation: Invocation = { id: randomUUID(), databaseCalls: 0, ...given }
    return shared().invocations.run(invocation, () => work(invocation))
  },
  invocation: (): Invocation | undefined => shared().invocations.getStore(),
  cloud(): MockCloud {
    const cloud = mock.invocation()?.cloud ?? shared().fallback
    if (!cloud)
      throw new Error(
        'the mocked wx-server-sdk is not connected: call mock.connect(cloud) or mock.run(…) first',
      )
    return cloud
  },
}

const KEY = Symbol.for('mock-sdk')

/**
 * Kept on the global object: `vi.resetModules()` makes a second copy of this file, and both copies must know the same
 * invocation.
 */
function shared(): Shared {
  const holder = globalThis as { [KEY]?: Shared }
  holder[KEY] ??= { invocations: new AsyncLocalStorage() }
  return holder[KEY]
}
