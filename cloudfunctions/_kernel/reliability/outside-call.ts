import type { IPolicy } from 'cockatiel'
import { refuse } from '../errors/app-error.ts'
import { perInstance } from '../runtime/instance.ts'

/** One set of policies for each service, for the life of the instance: that is what a circuit breaker remembers. */
const policies = perInstance(() => new Map<string, IPolicy>())

/**
 * Calls something outside of the database (WeChat Pay, an open API) with a timeout, retries, a circuit breaker and a
 * bound on how many run at once. `call` must be safe to repeat. A refusal that the service itself gave (a positive
 * `errCode`) is an answer: it is thrown on at once and does not count against the service.
 * Refuses UPSTREAM_FAILED when no answer is to be had.
 */
export async function callOutside<R>(service: string, call: () => Promise<R>): Promise<R> {
  // Most calls of most functions never leave the database: a cold start does not wait for the policies.
  const { createPolicy, reasonOf } = await import('./outside-policy.ts')
  const policy = policies().get(service) ?? createPolicy(isAnswer)
  policies().set(service, policy)
  try {
    return await policy.execute(call)
  } catch (error) {
    if (isAnswer(error)) throw error
    return refuse('UPSTREAM_FAILED', { service, why: reasonOf(error) }, error)
  }
}

function isAnswer(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'errCode' in error && Number(error.errCode) > 0
}
