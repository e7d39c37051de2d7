import { WireError } from '../core/errors.ts'
import type { Identity } from '../core/identity.ts'
import type { InvokeResult } from './result.ts'

type Invoke = (call: {
  functionName: string
  event: unknown
  identity: Identity
  source: string
  qualifier?: string
}) => Promise<InvokeResult>

/** `functions.invokeFunction` (node-sdk `functions/index.ts`): the callee learns the way, but not the user. */
export async function invokeFunctionAction(
  fields: Record<string, unknown>,
  callerSource: string,
  appid: string,
  invoke: Invoke,
): Promise<Record<string, unknown>> {
  const { function_name: functionName, request_data: requestData } = fields
  const qualifier =
    typeof fields.qualifier === 'string' && fields.qualifier !== '' ? fields.qualifier : undefined
  if (typeof functionName !== 'string' || functionName === '') {
    throw new WireError('INVALID_PARAM', 'function_name is required')
  }
  const source = callerSource === '' ? 'scf' : `${callerSource},scf`
  const event = eventOf(requestData)
  const result = await invoke({ functionName, event, identity: { appid }, source, qualifier })
  if (!result.ok) throw new WireError(result.code, result.message)
  return { requestId: result.requestId, data: { response_data: result.json ?? 'null' } }
}

/** The SDK sends JSON text, or nothing at all when there is no data. */
function eventOf(requestData: unknown): unknown {
  if (requestData === undefined || requestData === '') return {}
  try {
    return JSON.parse(String(requestData))
  } catch (cause) {
    throw new WireError('INVALID_PARAM', 'request_data is not JSON', { cause })
  }
}
