/** A partner system as its developers see the gateway: a base address, a client id, HTTP. */
import { createHash, createHmac, randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import type { UnitCloud } from '../../test/support/unit.ts'

process.env.GATEWAY_SECRET ??= 'unit-tests-0123456789abcdef'
process.env.WEBHOOKS_TO_LOCAL ??= 'yes'

export interface Answer {
  status: number
  headers: Record<string, string>
  body: Record<string, unknown>
}

export interface Asked {
  headers?: Record<string, string>
  query?: Record<string, string>
  body?: unknown
  token?: string
}

/** One request through HTTP access. */
export async function http(
  cloud: UnitCloud,
  method: string,
  path: string,
  asked: Asked = {},
): Promise<Answer> {
  const { headers = {}, query = {}, body, token } = asked
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body)
  const answer = await cloud.asPlatform('gateway', {
    path,
    httpMethod: method,
    headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers },
    queryStringParameters: query,
    requestContext: { requestId: 'r1', envId: 'local', appId: '', uin: '' },
    body: text,
    isBase64Encoded: false,
  })
  // The integration response that `serve` gives.
  const {
    statusCode,
    headers: given,
    body: json,
  } = answer as {
    statusCode: number
    headers: Record<string, string>
    body: string
  }
  return { status: statusCode, headers: given, body: JSON.parse(json) }
}

export interface TestPartner {
  partnerId: string
  secretId: string
  clientSecret: string
}

export const ALL_SCOPES = [
  'inventory:read',
  'inventory:restock',
  'order:read',
  'order:ship',
  'partner:read',
  'webhook:manage',
]

export async function createPartner(cloud: UnitCloud, more: object = {}): Promise<TestPartner> {
  return cloud.as('admin').ok('gateway/createPartner', { name: '云仓', scopes: ALL_SCOPES, ...more })
}

export async function askForToken(
  cloud: UnitCloud,
  partner: TestPartner,
  more: Asked & { scope?: string } = {},
) {
  const { scope, headers, ...rest } = more
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    ...(scope === undefined ? {} : { scope }),
  })
  const basic = Buffer.from(`${partner.partnerId}:${partner.clientSecret}`).toString('base64')
  const body = form.toString()
  return http(cloud, 'POST', '/oauth/token', {
    body,
    headers: { authorization: `Basic ${basic}`, ...headers },
    ...rest,
  })
}

export async function tokenOf(cloud: UnitCloud, partner: TestPartner, scope?: string): Promise<string> {
  const { status, body } = await askForToken(cloud, partner, { scope })
  expect([status, body]).toEqual([200, expect.objectContaining({ token_type: 'Bearer' })])
  return String(body.access_token)
}

/** The headers that sign a request; `forge` replaces parts of what is signed. */
export function signed(
  cloud: UnitCloud,
  key: { keyId: string; signingSecret: string },
  request: { method: string; path: string; query?: string; body?: unknown; nonce?: string; atMs?: number },
): Record<string, string> {
  const { method, path, query = '', body, nonce = randomUUID(), atMs = cloud.clock.nowMs() } = request
  const timestamp = String(Math.floor(atMs / 1000))
  const digest = createHash('sha256')
    .update(body === undefined ? '' : JSON.stringify(body))
    .digest('hex')
  const text = [method, path, query, timestamp, nonce, digest].join('\n')
  return {
    'x-key-id': key.keyId,
    'x-timestamp': timestamp,
    'x-nonce': nonce,
    'x-signature': createHmac('sha256', key.signingSecret).update(text).digest('base64'),
  }
}
