import { WireError } from '../core/errors.ts'
import type { Ids } from '../core/ids.ts'
import { type Metering, ReplyLost } from '../core/metering.ts'
import type { Functions, Invocation } from './index.ts'
import { failure, type InvokeResult } from './result.ts'

export interface MeteredInvoke {
  /** Every call of a function comes through here, and is billed once. Rejects only with ReplyLost. */
  invoke(
    invocation: Invocation,
    caller?: { invocationId?: string; functionName?: string },
  ): Promise<InvokeResult>
  /** For callers without a connection that could break: timers, payment callbacks. Never rejects. */
  invokeInside(invocation: Invocation): Promise<InvokeResult>
}

export function createMeteredInvoke(functions: Functions, metering: Metering, ids: Ids): MeteredInvoke {
  const invoke: MeteredInvoke['invoke'] = async (invocation, caller = {}) => {
    try {
      return await metering<InvokeResult>({
        billed: {
          service: 'functions',
          operation: 'functions.invokeFunction',
          subject: invocation.functionName,
          ...caller,
        },
        faultOperation: invocation.functionName,
        work: () => functions.invoke({ ...invocation, parentId: caller.invocationId }),
        codeOf: (result) => (result.ok ? undefined : result.code),
        crash: ({ requestId }) => functions.kill(requestId, 'crashed by an injected fault'),
      })
    } catch (error) {
      if (error instanceof WireError) return failure(error.code, error.message, ids.requestId())
      throw error
    }
  }
  return {
    invoke,
    async invokeInside(invocation) {
      try {
        return await invoke(invocation)
      } catch (error) {
        if (!(error instanceof ReplyLost)) throw error
        return failure('FUNCTIONS_EXECUTE_FAIL', error.message, ids.requestId())
      }
    },
  }
}
