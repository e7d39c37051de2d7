import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'

/** What an event function gets for an HTTP request (CloudBase manual, HTTP access service: 集成请求). */
export interface IntegrationRequest {
  /** Behind the path under which the function is reached. */
  path: string
  httpMethod: string
  /** Names in lower case, values joined by commas. */
  headers: Record<string, string>
  /** The last value of each name. */
  queryStringParameters: Record<string, string>
  requestContext: { requestId: string; envId: string; appId: string; uin: string }
  body: string
  isBase64Encoded: boolean
}

export function integrationRequest(from: {
  request: IncomingMessage
  path: string
  query: URLSearchParams
  body: Buffer
  requestId: string
  envId: string
}): IntegrationRequest {
  const { request, path, query, body, requestId, envId } = from
  const isText = body.length === 0 || isTextType(request.headers['content-type'])
  return {
    path,
    httpMethod: request.method ?? 'GET',
    headers: flat(request.headers),
    queryStringParameters: Object.fromEntries(query),
    requestContext: { requestId, envId, appId: '', uin: '' },
    body: body.toString(isText ? 'utf8' : 'base64'),
    isBase64Encoded: !isText,
  }
}

/** Everything else travels as base64, forms included. */
function isTextType(contentType = ''): boolean {
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  return /^text\/|^application\/(json|xml|javascript)$|\+(json|xml)$/.test(type)
}

/** Only the cloud may say who a WeChat user is. */
export function withoutIdentity(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !name.startsWith('x-wx-') && name !== 'x-emulator-user'),
  )
}

function flat(headers: IncomingHttpHeaders): Record<string, string> {
  const found: Record<string, string> = {}
  for (const [name, value] of Object.entries(withoutIdentity(headers))) {
    if (value !== undefined) found[name] = Array.isArray(value) ? value.join(',') : value
  }
  return found
}
