import type { Ids } from '../core/ids.ts'
import type { Functions, Invocation } from './index.ts'
import { failure, type InvokeResult, success } from './result.ts'

/** A function that the platform brings along; gives its result as a JSON value. */
export type BuiltInFunction = (event: unknown, identity: { openid?: string }) => Promise<unknown>

/** The project's functions, and beside them those of the platform whose names the project does not use itself. */
export function withBuiltIns(
  functions: Functions,
  builtIns: () => ReadonlyMap<string, BuiltInFunction>,
  ids: Ids,
): Functions {
  async function invoke(invocation: Invocation): Promise<InvokeResult> {
    const builtIn = functions.find(invocation.functionName)
      ? undefined
      : builtIns().get(invocation.functionName)
    if (!builtIn) return functions.invoke(invocation)
    const requestId = ids.requestId()
    const startedAtMs = performance.now()
    try {
      const value = await builtIn(invocation.event, invocation.identity)
      return success(JSON.stringify(value), requestId, Math.ceil(performance.now() - startedAtMs))
    } catch (error) {
      return failure('FUNCTIONS_EXECUTE_FAIL', `${invocation.functionName}: ${error}`, requestId)
    }
  }
  return { ...functions, invoke }
}
