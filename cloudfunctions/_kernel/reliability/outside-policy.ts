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

const TIMEOUT_MS = 5_000
const RETRIES = 2
const OPEN_AFTER_FAILURES = 5
const HALF_OPEN_AFTER_MS = 10_000
const AT_ONCE = 20

/** Timeout, retries, circuit breaker and a bound on how many calls run at once. @param isAnswer tells an answer from a failure. */
export function createPolicy(isAnswer: (error: unknown) => boolean): IPolicy {
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

/** Why a policy gave up, in words for the details of a refusal. */
export function reasonOf(error: unknown): string {
  if (error instanceof BrokenCircuitError) return 'circuit open'
  if (error instanceof TaskCancelledError) return 'timeout'
  return error instanceof BulkheadRejectedError ? 'too many at once' : 'failed'
}
