import type { Identity } from '../core/identity.ts'
import type { Ids } from '../core/ids.ts'

/** A function call that runs, or ran a moment ago; found by the token that its SDK requests carry. */
export interface RunningInvocation {
  /** Also the request id of the call, as functions see it. */
  readonly id: string
  readonly token: string
  readonly functionName: string
  readonly identity: Identity
  readonly source: string
  /** Ends the instance that runs it, as a crash would. */
  kill(reason: string): void
}

export interface Invocations {
  begin(call: Omit<RunningInvocation, 'id' | 'token'>): RunningInvocation
  /** Settles when every request that reached the cloud has been worked on. The token stays known for a while. */
  end(invocation: RunningInvocation): Promise<void>
  find(token: string): RunningInvocation | undefined
  findById(id: string): RunningInvocation | undefined
  /** Keeps the invocation open for `end` until `work` settles. */
  track<T>(token: string, work: Promise<T>): Promise<T>
}

/** How many ended invocations are still recognised when a request of theirs comes late. */
const REMEMBERED = 2_000

export function createInvocations(ids: Ids): Invocations {
  const byToken = new Map<string, RunningInvocation & { requests: Set<Promise<unknown>> }>()
  const ended: string[] = []
  return {
    begin(call) {
      const invocation = {
        ...call,
        id: ids.requestId(),
        token: ids.hex(24),
        requests: new Set<Promise<unknown>>(),
      }
      byToken.set(invocation.token, invocation)
      return invocation
    },
    async end({ token }) {
      const requests = byToken.get(token)?.requests
      while (requests && requests.size > 0) await Promise.allSettled([...requests])
      ended.push(token)
      if (ended.length > REMEMBERED) byToken.delete(ended.shift() ?? '')
    },
    find: (token) => byToken.get(token),
    findById: (id) => [...byToken.values()].find((invocation) => invocation.id === id),
    track(token, work) {
      const requests = byToken.get(token)?.requests
      if (!requests) return work
      requests.add(work)
      const done = () => requests.delete(work)
      work.then(done, done)
      return work
    },
  }
}
