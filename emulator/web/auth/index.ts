import { WireError } from '../../core/errors.ts'
import { HttpRefusal, type HttpRoute, jsonReply, type Reply, readJsonObject } from '../../core/http.ts'
import { bearerOf } from '../callers.ts'
import { type AuthDeps, endpoints } from './endpoints.ts'
import { AuthRefusal } from './refusal.ts'

const MAX_BODY_BYTES = 64 * 1024

/** `/auth/**`: sign-in, tokens and profile of web users. */
export function authRoute(deps: AuthDeps): HttpRoute {
  return {
    method: '*',
    path: /^\/auth(\/.+)$/,
    async handle({ request, params: [path = ''] }) {
      try {
        const endpoint = endpoints[`${request.method} ${path}`]
        if (!endpoint)
          throw new AuthRefusal('unimplemented', `not emulated yet: ${request.method} /auth${path}`)
        // JSON, although the SDK's web build names it text/plain.
        const body = request.method === 'GET' ? {} : await readJsonObject(request, MAX_BODY_BYTES)
        const deviceId = [request.headers['x-device-id']].flat()[0]
        return jsonReply(await endpoint(deps, { body, deviceId, bearer: bearerOf(request) }))
      } catch (error) {
        return describe(error)
      }
    },
  }
}

function describe(error: unknown): Reply {
  if (error instanceof AuthRefusal) {
    const { status, errorCode, message } = error
    return jsonReply({ error: error.error, error_code: errorCode, error_description: message }, status)
  }
  if (error instanceof WireError || (error instanceof HttpRefusal && error.status === 400)) {
    return describe(new AuthRefusal('invalid_argument', error.message))
  }
  throw error
}
