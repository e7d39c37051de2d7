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
  readonly version: string
  /** What decides between versions; the same for all calls that follow from one user's call. */
  readonly routeKey: string | undefined
  /** `function/$url`, when the event names a route. */
  readonly route: string | undefined
  /** The invocation that called this one. */
  readonly parentId: string | undefined
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
  const byId = new Map<string, RunningInvocation>()
  const ended: RunningInvocation[] = []
  return {
    begin(call) {
      const invocation = {
        ...call,
        id: ids.requestId(),
        token: ids.hex(24),
        requests: new Set<Promise<unknown>>(),
      }
      byToken.set(invocation.token, invocation)
      byId.set(invocation.id, invocation)
      return invocation
    },
    async end(invocation) {
      const requests = byToken.get(invocation.token)?.requests
      while (requests && requests.size > 0) await Promise.allSettled([...requests])
      ended.push(invocation)
      const oldest = ended.length > REMEMBERED ? ended.shift() : undefined
      if (!oldest) return
      byToken.delete(oldest.token)
      byId.delete(oldest.id)
    },
    find: (token) => byToken.get(token),
    findById: (id) => byId.get(id),
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
