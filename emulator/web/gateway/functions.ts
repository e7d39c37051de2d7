import { WireError } from '../../core/errors.ts'
import { HttpRefusal, JSON_TYPE, type Reply, readBody } from '../../core/http.ts'
import { clientIpOf } from '../callers.ts'
import type { WebInvokeResult } from '../deps.ts'
import type { GatewayCall } from './call.ts'

/** An event has 6 MB at most; what is a little larger gets the platform's error, not this one. */
const MAX_EVENT_BYTES = 7 * 1024 * 1024

/** `POST /v1/functions/<name>`: the body is the event, the reply's body is the function's result. */
export async function callFunction({ deps, callers, request, token, params }: GatewayCall): Promise<Reply> {
  const [functionName = ''] = params
  const caller = callers.find(token, request)
  const text = (await readBody(request, MAX_EVENT_BYTES)).toString()
  deps.access.assertMayInvoke(functionName, caller?.client)
  const clientIp = clientIpOf(request)
  const result = await deps.invoke({ functionName, event: eventOf(text), user: caller?.user, clientIp })
  if (!result.ok) throw new WireError(gatewayCode(result), result.message)
  return { contentType: JSON_TYPE, body: result.json ?? 'null' }
}

/** Names of the HTTP API (manual "cloud functions", error codes) for those of the functions module. */
function gatewayCode({ code }: Extract<WebInvokeResult, { ok: false }>): string {
  switch (code) {
    case 'FUNCTIONS_EXECUTE_FAIL':
      return 'FUNCTION_INVOCATION_FAILED'
    case 'FUNCTIONS_TIME_LIMIT_EXCEEDED':
      return 'FUNCTION_TIME_LIMIT_EXCEEDED'
    case 'EXCEED_CONCURRENT_REQUEST_LIMIT':
      return 'FUNCTION_EXCEED_RESOURCE_LIMIT'
    default:
      return code
  }
}

function eventOf(text: string): unknown {
  if (text.trim() === '') return {}
  try {
    return JSON.parse(text)
  } catch {
    throw new HttpRefusal(400, 'FUNCTION_PARAM_INVALID', 'the body is not JSON')
  }
}
