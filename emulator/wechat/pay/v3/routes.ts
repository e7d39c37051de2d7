import type { IncomingMessage } from 'node:http'
import { type HttpRoute, jsonReply, readJsonObject } from '../../../core/http.ts'
import type { PayV3 } from './index.ts'

const MAX_BODY_BYTES = 1024 * 1024

/**
 * `POST /wx-pay/<workflow>`: the addresses of the integration centre's HTTP function. Whoever calls is the user that
 * `x-emulator-user` names, or the openid in `x-wx-openid`, the header that the platform itself puts on a page's request.
 */
export function v3Routes(v3: PayV3, openidOf: (userName: string) => string | undefined): HttpRoute[] {
  return [
    {
      method: 'POST',
      path: /^\/wx-pay\/(\w+)$/,
      async handle({ request, params: [name = ''] }) {
        const body = await readJsonObject(request, MAX_BODY_BYTES)
        const user = headerOf(request, 'x-emulator-user')
        const openid = user === undefined ? headerOf(request, 'x-wx-openid') : openidOf(user)
        return jsonReply(await v3.call(name, body, { openid }))
      },
    },
  ]
}

function headerOf({ headers }: IncomingMessage, name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}
