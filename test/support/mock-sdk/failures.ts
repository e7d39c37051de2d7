import { WireError } from '../../../emulator/core/errors.ts'

/** What a failing service answers, and how often. */
export interface Failure {
  /** The platform's string code (`DATABASE_REQUEST_FAILED`, `DATABASE_TRANSACTION_CONFLICT`, `SYS_ERR`, …). */
  code: string
  message?: string
  /** How many matching calls fail (default 1). */
  times?: number
  /** Matching calls that pass before the first one fails (default 0). */
  after?: number
  /** The work is done and then the reply is lost: what a broken connection leaves behind. */
  replyLost?: boolean
}

export interface Failures {
  /** `action` is one of the wire (`database.modifyDocument`), `openapi.<name>`, `cloudPay.<name>`, or `function.<name>`. */
  add(action: string, failure: Failure): void
  clear(): void
  /** Does `work`, unless a failure planned for `action` strikes. */
  around<T>(action: string, work: () => Promise<T>): Promise<T>
}

export function createFailures(): Failures {
  const planned: { action: string; failure: Failure; passed: number; struck: number }[] = []
  return {
    add: (action, failure) => void planned.push({ action, failure, passed: 0, struck: 0 }),
    clear: () => void planned.splice(0),
    async around(action, work) {
      const plan = planned.find((item) => item.action === action && item.struck < (item.failure.times ?? 1))
      if (!plan) return work()
      if (plan.passed < (plan.failure.after ?? 0)) {
        plan.passed += 1
        return work()
      }
      plan.struck += 1
      const { code, message = `${action} was made to fail`, replyLost } = plan.failure
      if (replyLost) await work()
      throw new WireError(code, message)
    },
  }
}
