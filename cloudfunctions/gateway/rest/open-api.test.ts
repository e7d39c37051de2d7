import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, it } from 'vitest'
import { unitCloud } from '../../../test/support/unit.ts'
import { http } from '../partner.fixture.ts'
import { endpoints } from './endpoints.ts'
import { openApi } from './open-api.ts'

const FILE = join(import.meta.dirname, '../../../docs/openapi.json')

describe('the description of the API', () => {
  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator()
    expect(await validator.validate(JSON.parse(JSON.stringify(await openApi())))).toEqual({ valid: true })
    expect(validator.version).toBe('3.1')
  })

  it('lies in docs/openapi.json as it is; `npm run openapi` writes it', async () => {
    expect(existsSync(FILE)).toBe(true)
    expect(JSON.parse(readFileSync(FILE, 'utf8'))).toEqual(JSON.parse(JSON.stringify(await openApi())))
  })

  it('is what the gateway gives out', async () => {
    const { status, body } = await http(await unitCloud(), 'GET', '/openapi.json')
    expect([status, body]).toEqual([200, JSON.parse(JSON.stringify(await openApi()))])
  })

  it('gives every operation a name of its own', async () => {
    const ids = endpoints.map(({ operationId }) => operationId)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('offers only routes whose access is a permission or nobody in particular', async () => {
    const routes = await Promise.all(endpoints.map(({ load }) => load()))
    const accesses = routes.map(({ route }) => route.access)
    expect(accesses.filter((access) => access !== 'public' && !access.includes(':'))).toEqual([])
  })

  it('says what a route takes by path, query, body and header', async () => {
    const { paths } = JSON.parse(JSON.stringify(await openApi()))
    expect(paths['/v1/orders/{orderId}/shipment'].post).toMatchObject({
      operationId: 'shipOrder',
      security: [{ oauth: ['order:ship'] }],
      parameters: [{ name: 'orderId', in: 'path', required: true, schema: { type: 'string' } }],
      requestBody: { content: { 'application/json': { schema: { required: ['carrier', 'trackingNo'] } } } },
    })
    expect(paths['/v1/stock'].get.parameters).toMatchObject([
      { name: 'cursor', in: 'query', required: false },
      { name: 'size', schema: { type: 'integer', default: 20, maximum: 100 } },
      { name: 'onlyLow', schema: { type: 'boolean' } },
    ])
    expect(paths['/v1/stock/{skuId}/restock'].post.parameters).toMatchObject([
      { name: 'skuId' },
      { name: 'Idempotency-Key', in: 'header', required: true },
    ])
  })
})
