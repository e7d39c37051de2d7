import { beforeAll, describe, expect, it } from 'vitest'
import { type UnitCloud, unitCloud } from '../../../test/support/unit.ts'
import { createPartner, http, tokenOf } from '../partner.fixture.ts'
import { endpoints, knownScopes } from './endpoints.ts'

/** For each operation a request that it takes. Nothing that it names need exist. */
const requests: Record<string, { query?: Record<string, string>; body?: object }> = {
  getMe: {},
  listProducts: { query: { size: '1', sort: 'sales', minPriceFen: '100', withUrls: 'false' } },
  getProduct: {},
  listOrders: { query: { size: '1', status: 'paid', fromMs: '1', trackingNo: '12345678' } },
  getOrder: {},
  shipOrder: { body: { carrier: '顺丰', trackingNo: 'SF123456' } },
  listStock: { query: { onlyLow: 'true' } },
  listStockMovements: { query: { size: '5' } },
  restock: { body: { quantity: 1, note: '第一批' } },
  createWebhookEndpoint: { body: { url: 'https://hooks.example.com/', events: ['order.paid'] } },
  listWebhookEndpoints: {},
  removeWebhookEndpoint: {},
  rotateWebhookSecret: {},
  listWebhookDeliveries: { query: { status: 'dead' } },
  replayWebhookDelivery: {},
}

let cloud: UnitCloud
/** Tokens by their scopes. */
const tokens = new Map<string, string>()

beforeAll(async () => {
  cloud = await unitCloud()
  const scopes = await knownScopes()
  const partner = await createPartner(cloud, { scopes, perMinute: 6_000 })
  for (const scope of ['', ...scopes]) tokens.set(scope, await tokenOf(cloud, partner, scope))
})

const call = (operationId: string, token: string | undefined) => {
  const endpoint = endpoints.find((each) => each.operationId === operationId)
  const path = (endpoint?.path ?? '').replace(/\{\w+\}/g, 'sku_1')
  const headers = { 'idempotency-key': `key-${crypto.randomUUID()}` }
  return http(cloud, endpoint?.method ?? '', path, { ...requests[operationId], headers, token })
}

describe('every endpoint', () => {
  it('is in this table', () => {
    expect(endpoints.map(({ operationId }) => operationId).sort()).toEqual(Object.keys(requests).sort())
  })

  it.each(endpoints.map(({ operationId }) => operationId))('%s wants a token', async (operationId) => {
    expect((await call(operationId, undefined)).body).toMatchObject({ status: 401, error: 'UNAUTHENTICATED' })
  })

  it.each(endpoints)('$operationId lets in exactly the scope of its route', async ({ operationId, load }) => {
    const { access } = (await load()).route
    const letIn: string[] = []
    for (const [scope, token] of tokens) {
      const { status, body } = await call(operationId, token)
      expect([body.error, status]).not.toContain('INVALID_INPUT')
      // A webhook needs the scope of its event as well.
      const isOut = status === 403 && Object(body.details).needs === access
      if (!isOut) letIn.push(scope)
    }
    expect(letIn).toEqual(access === 'public' ? [...tokens.keys()] : [access])
  })
})
