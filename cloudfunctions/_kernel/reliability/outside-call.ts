import {
  BrokenCircuitError,
  BulkheadRejectedError,
  bulkhead,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleWhen,
  type IPolicy,
  retry,
  TaskCancelledError,
  TimeoutStrategy,
  timeout,
  wrap,
} from 'cockatiel'
import { refuse } from '../errors/app-error.ts'

const TIMEOUT_MS = 5_000
const RETRIES = 2
const OPEN_AFTER_FAILURES = 5
const HALF_OPEN_AFTER_MS = 10_000
const AT_ONCE = 20

/** One set of policies for each service, for the life of the instance: that is what a circuit breaker remembers. */
const policies = new Map<string, IPolicy>()

/**
 * Calls something outside of the database (WeChat Pay, an open API) with a timeout, retries, a circuit breaker and a
 * bound on how many run at once. `call` must be safe to repeat. A refusal that the service itself gave (a positive
 * `errCode`) is an answer: it is thrown on at once and does not count against the service.
 * Refuses UPSTREAM_FAILED when no answer is to be had.
 */
export async function callOutside<R>(service: string, call: () => Promise<R>): Promise<R> {
  let policy = policies.get(service)
  if (!policy) {
    policy = createPolicy()
    policies.set(service, policy)
  }
  try {
    return await policy.execute(call)
  } catch (error) {
    if (isAnswer(error)) throw error
    const why =
      error instanceof BrokenCircuitError
        ? 'circuit open'
        : error instanceof TaskCancelledError
          ? 'timeout'
          : error instanceof BulkheadRejectedError
            ? 'too many at once'
            : 'failed'
    return refuse('UPSTREAM_FAILED', { service, why }, error)
  }
}

function createPolicy(): IPolicy {
  const noAnswer = handleWhen((error) => !isAnswer(error))
  return wrap(
    retry(noAnswer, {
      maxAttempts: RETRIES,
      backoff: new ExponentialBackoff({ initialDelay: 100, maxDelay: 1_000 }),
    }),
    circuitBreaker(noAnswer, {
      halfOpenAfter: HALF_OPEN_AFTER_MS,
      breaker: new ConsecutiveBreaker(OPEN_AFTER_FAILURES),
    }),
    bulkhead(AT_ONCE, AT_ONCE),
    timeout(TIMEOUT_MS, TimeoutStrategy.Aggressive),
  )
}

function isAnswer(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'errCode' in error && Number(error.errCode) > 0
}
