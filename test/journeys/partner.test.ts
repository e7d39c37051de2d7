/** A partner system from its own side: HTTP, a client generated from our description, a server that takes webhooks. */
import { createHash, createHmac, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { generateApi } from 'swagger-typescript-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { partnerRoutes as catalog } from '../../cloudfunctions/catalog/public.ts'
import { partnerRoutes as inventory } from '../../cloudfunctions/inventory/public.ts'
import { partnerRoutes as order } from '../../cloudfunctions/order/public.ts'
import { openShop, type ShopFloor } from './shop-floor.ts'

const MINUTE_MS = 60_000
const SCOPES = ['inventory:read', 'inventory:restock', 'order:read', 'order:ship', 'webhook:manage']

interface Partner {
  partnerId: string
  clientSecret: string
  secretId: string
}

let shop: ShopFloor
let base: string
let partner: Partner
let token: string
/** Within the repository, so that what is generated finds its packages. */
const workDir = mkdtempSync(join(import.meta.dirname, '../../dist/partner-client-'))

beforeAll(async () => {
  shop = await openShop()
  base = `${shop.cloud.emulator.url}/http/gateway`
  partner = await admin().ok<Partner>('gateway/createPartner', { name: '云仓', scopes: SCOPES })
  token = await tokenOf(partner)
})
afterAll(async () => {
  await shop.cloud.stop()
  rmSync(workDir, { recursive: true })
})

const admin = () => shop.cloud.as('admin')

async function tokenOf({ partnerId, clientSecret }: Partner, scope = SCOPES.join(' ')): Promise<string> {
  const answer = await fetch(`${base}/oauth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${partnerId}:${clientSecret}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope }),
  })
  expect(answer.status).toBe(200)
  return Object(await answer.json()).access_token
}

async function request(
  method: string,
  path: string,
  {
    body,
    headers = {},
    bearer = token,
  }: { body?: object; headers?: Record<string, string>; bearer?: string } = {},
) {
  const answer = await fetch(`${base}${path}`, {
    method,
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json', ...headers },
    body: body && JSON.stringify(body),
  })
  return { status: answer.status, headers: answer.headers, body: Object(await answer.json()) }
}

async function paidOrder(): Promise<string> {
  const orderId = await shop.order('buyer1', 1)
  const { prepayId } = await shop.prepare('buyer1', orderId)
  await shop.cloud.emulator.payments.pay({ prepayId }, {})
  return orderId
}

describe('a partner', () => {
  it('ships an order and restocks goods with a client generated from the description', async () => {
    const spec = await (await fetch(`${base}/openapi.json`)).json()
    const { files } = await generateApi({
      spec: Object(spec),
      output: false,
      httpClientType: 'fetch',
      silent: true,
    })
    const outfile = join(workDir, 'client.mjs')
    const [generated] = files
    await build({
      stdin: { contents: generated?.fileContent ?? '', loader: 'ts' },
      outfile,
      format: 'esm',
      logLevel: 'silent',
    })
    const { Api } = await import(pathToFileURL(outfile).href)
    const client = new Api({
      baseUrl: base,
      baseApiParams: { headers: { authorization: `Bearer ${token}` } },
    })

    const orderId = await paidOrder()
    const listed = await client.v1.listOrders({ status: 'paid', size: 10 })
    expect(listed.data.items).toMatchObject([{ _id: orderId, status: 'paid' }])
    const shipped = await client.v1.shipOrder(orderId, { carrier: '顺丰速运', trackingNo: 'SF123456' })
    expect(shipped.data).toMatchObject({ orderId, status: 'shipped' })
    expect(await shop.status('buyer1', orderId)).toBe('shipped')

    const restock = () =>
      client.v1.restock(shop.skuId, { quantity: 7 }, { headers: { 'Idempotency-Key': 'delivery-0001' } })
    const before = (await shop.stock()).onHand
    expect((await restock()).data).toEqual((await restock()).data)
    expect((await shop.stock()).onHand).toBe(before + 7)
    await expect(client.v1.getOrder('none')).rejects.toMatchObject({
      status: 404,
      error: { error: 'NOT_FOUND' },
    })
  })

  it('gets answers of the shape that the description gives', async () => {
    const orderId = await paidOrder()
    const [orders, stock, goods] = await Promise.all([order(), inventory(), catalog()])
    const rows: [string, z.ZodType][] = [
      ['/v1/orders?size=5', orders.operatorList.answer],
      [`/v1/orders/${orderId}`, orders.operatorDetail.answer],
      ['/v1/stock?onlyLow=false', stock.list.answer],
      [`/v1/stock/${shop.skuId}/movements`, stock.movements.answer],
      ['/v1/products?sort=price-asc', goods.list.answer],
      [`/v1/products/${shop.productId}`, goods.detail.answer],
    ]
    for (const [path, answer] of rows) {
      const { status, body } = await request('GET', path)
      expect([path, status, strictly(answer).safeParse(body).error?.issues]).toEqual([path, 200, undefined])
    }
  })

  it('can check our tokens with the published keys', async () => {
    const keys = createRemoteJWKSet(new URL(`${base}/.well-known/jwks.json`))
    const { payload } = await jwtVerify(token, keys, {
      issuer: 'gateway',
      currentDate: new Date(shop.cloud.emulator.clock.nowMs()),
    })
    expect(payload).toMatchObject({ sub: partner.partnerId, aud: 'partner-api' })
  })

  it.each([
    ['a wrong scope', 'FORBIDDEN', 403, async () => ({ bearer: await tokenOf(partner, 'order:read') })],
    ['no valid token', 'TOKEN_INVALID', 401, async () => ({ bearer: `${token.slice(0, -8)}AAAAAAAA` })],
    ['a revoked key', 'KEY_REVOKED', 401, async () => ({ bearer: await tokenOfRevokedSecret() })],
  ])('is refused with %s: %s', async (_, error, status, given) => {
    expect(await request('GET', '/v1/stock', await given())).toMatchObject({ status, body: { error } })
  })

  it('is refused with a wrong signature, an old one and one that was used, each by its code', async () => {
    const signing = await admin().ok<Partner>('gateway/createPartner', {
      name: '签名伙伴',
      scopes: ['inventory:read'],
      mustSign: true,
    })
    const key = await admin().ok<{ keyId: string; signingSecret: string }>('gateway/addSigningKey', {
      partnerId: signing.partnerId,
    })
    const bearer = await tokenOf(signing, 'inventory:read')
    const sign = ({ path = '/v1/stock', ageMs = 0 } = {}) => {
      const at = String(Math.floor((shop.cloud.emulator.clock.nowMs() - ageMs) / 1000))
      const nonce = randomUUID()
      const text = ['GET', path, 'size=3', at, nonce, createHash('sha256').update('').digest('hex')].join(
        '\n',
      )
      const signature = createHmac('sha256', key.signingSecret).update(text).digest('base64')
      return { 'x-key-id': key.keyId, 'x-timestamp': at, 'x-nonce': nonce, 'x-signature': signature }
    }
    const get = async (headers: Record<string, string>) =>
      (await request('GET', '/v1/stock?size=3', { bearer, headers })).body.error
    const good = sign()
    expect(await get(good)).toBeUndefined()
    expect(await get(good)).toBe('REQUEST_REPLAYED')
    expect(await get(sign({ path: '/v1/orders' }))).toBe('SIGNATURE_INVALID')
    expect(await get(sign({ ageMs: 6 * MINUTE_MS }))).toBe('SIGNATURE_EXPIRED')
    expect(await get({})).toBe('SIGNATURE_REQUIRED')
  })

  it('is told of an order by webhook, after its server was away, in order and knowing repeats', async () => {
    const came: { id: string; type: string; orderId: string; status: number }[] = []
    let status = 503
    const server = createServer((incoming, outgoing) => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk) => chunks.push(chunk))
      incoming.on('end', () => {
        const { type, data } = JSON.parse(Buffer.concat(chunks).toString())
        came.push({ id: String(incoming.headers['webhook-id']), type, orderId: data.orderId, status })
        outgoing.writeHead(status).end()
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    try {
      const { port } = server.address() as AddressInfo
      const endpoint = { url: `http://127.0.0.1:${port}/hooks`, events: ['order.paid', 'order.shipped'] }
      const headers = { 'idempotency-key': 'endpoint-0001' }
      token = await tokenOf(partner)
      expect((await request('POST', '/v1/webhook-endpoints', { body: endpoint, headers })).status).toBe(201)
      // Other functions learn of it within a quarter of a minute.
      await shop.cloud.emulator.clock.advance(MINUTE_MS)

      const orderId = await paidOrder()
      await request('POST', `/v1/orders/${orderId}/shipment`, {
        body: { carrier: '顺丰', trackingNo: 'SF777777' },
      })
      // The timer fires each minute of it.
      await shop.cloud.emulator.clock.advance(25 * MINUTE_MS)
      const ours = () => came.filter((one) => one.orderId === orderId)
      expect(ours().length).toBeGreaterThan(1)
      expect(new Set(ours().map(({ type }) => type))).toEqual(new Set(['order.paid']))

      status = 204
      await shop.cloud.emulator.clock.advance(35 * MINUTE_MS)
      const taken = ours().filter((one) => one.status === 204)
      expect(taken.map(({ type }) => type)).toEqual(['order.paid', 'order.shipped'])
      expect(new Set(ours().map(({ id }) => id)).size).toBe(2)
    } finally {
      server.closeAllConnections()
      server.close()
    }
  })
})

async function tokenOfRevokedSecret(): Promise<string> {
  const other = await admin().ok<Partner>('gateway/createPartner', { name: '旧密钥', scopes: SCOPES })
  const bearer = await tokenOf(other)
  await admin().ok('gateway/revokeKey', { partnerId: other.partnerId, keyId: other.secretId })
  return bearer
}

/** Fields that the description does not have would be news to the partner. */
function strictly(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodObject) {
    const shape = Object.entries(schema.shape).map(([name, field]) => [name, strictly(field as z.ZodType)])
    return z.strictObject(Object.fromEntries(shape))
  }
  return schema instanceof z.ZodArray ? z.array(strictly(schema.element as z.ZodType)) : schema
}
