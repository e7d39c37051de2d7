import { beforeEach, describe, expect, it } from 'vitest'
import { type UnitCloud, unitCloud } from '../../../test/support/unit.ts'
import { askForToken, createPartner, http, signed, type TestPartner, tokenOf } from '../partner.fixture.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

let cloud: UnitCloud
let partner: TestPartner
let token: string
beforeEach(async () => {
  cloud = await unitCloud()
  partner = await createPartner(cloud)
  token = await tokenOf(cloud, partner)
})

const get = (path: string, more: object = {}) => http(cloud, 'GET', path, { token, ...more })
const admin = () => cloud.as('admin')

describe('a token', () => {
  it('is given for id and secret, in the header or in the form, for the scopes asked for', async () => {
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: partner.partnerId,
      client_secret: partner.clientSecret,
      scope: 'order:read',
    })
    const { status, headers, body } = await http(cloud, 'POST', '/oauth/token', { body: form.toString() })
    expect([status, body]).toMatchObject([
      200,
      { token_type: 'Bearer', expires_in: 3600, scope: 'order:read', access_token: expect.any(String) },
    ])
    expect(headers['cache-control']).toBe('no-store')
    expect((await askForToken(cloud, partner)).body.scope).toContain('order:ship')
  })

  it.each([
    ['another secret', { clientSecret: 'guess' }, 401, 'invalid_client'],
    ['an unknown client', { partnerId: 'ptn_unknown' }, 401, 'invalid_client'],
  ])('is refused for %s', async (_, change, status, error) => {
    const refused = await askForToken(cloud, { ...partner, ...change })
    expect([refused.status, refused.body.error]).toEqual([status, error])
  })

  it('is refused for a scope that the partner has not, for another kind of grant, and for none', async () => {
    expect((await askForToken(cloud, partner, { scope: 'role:manage' })).body.error).toBe('invalid_scope')
    const ask = (body: string) => http(cloud, 'POST', '/oauth/token', { body })
    expect((await ask('grant_type=password')).body.error).toBe('unsupported_grant_type')
    expect((await ask('')).body.error).toBe('invalid_request')
    expect((await ask('grant_type=client_credentials')).body.error).toBe('invalid_client')
  })

  it('is worth an hour', async () => {
    await cloud.clock.advance(59 * MINUTE_MS)
    expect((await get('/v1/me')).status).toBe(200)
    await cloud.clock.advance(2 * MINUTE_MS)
    const late = await get('/v1/me')
    expect([late.status, late.body.error]).toEqual([401, 'TOKEN_EXPIRED'])
  })

  it.each([
    ['no token', undefined, 'UNAUTHENTICATED'],
    ['no JWT', 'abc', 'TOKEN_INVALID'],
    ['an unsigned JWT', `${part({ alg: 'none' })}.${part({ sub: 'x' })}.`, 'TOKEN_INVALID'],
    [
      'an unknown key',
      `${part({ alg: 'EdDSA', kid: 'k', typ: 'at+jwt' })}.${part({})}.AAAA`,
      'TOKEN_INVALID',
    ],
  ])('is wanted: %s is refused', async (_, given, error) => {
    const refused = await http(cloud, 'GET', '/v1/me', { token: given })
    expect([refused.status, refused.body.error]).toEqual([401, error])
    expect(refused.headers['www-authenticate']).toContain('Bearer')
  })

  it('that was changed is refused', async () => {
    const [head, body = '', signature] = token.split('.')
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString())
    const forged = [head, part({ ...claims, scope: 'role:manage' }), signature].join('.')
    expect((await http(cloud, 'GET', '/v1/me', { token: forged })).body.error).toBe('TOKEN_INVALID')
  })

  it('outlives a change of keys, but not one that ends the others', async () => {
    await admin().ok('gateway/rotateTokenKeys')
    expect((await get('/v1/me')).status).toBe(200)
    const jwks = await http(cloud, 'GET', '/.well-known/jwks.json')
    expect(jwks.body.keys).toMatchObject([{ kty: 'OKP', crv: 'Ed25519' }, { use: 'sig' }])
    expect(JSON.stringify(jwks.body)).not.toContain('"d"')
    await admin().ok('gateway/rotateTokenKeys', { endOthersNow: true })
    expect((await get('/v1/me')).body.error).toBe('TOKEN_INVALID')
    token = await tokenOf(cloud, partner)
    expect((await get('/v1/me')).status).toBe(200)
  })

  it('is known to an instance that has not heard of its key yet', async () => {
    await get('/v1/me')
    const kid = String((await cloud.collection('gateway_keys').all())[0]?._id)
    await cloud.collection('gateway_keys').set(kid, { endsAtMs: 0 })
    cloud.restartFunctions()
    expect((await get('/v1/me')).body.error).toBe('TOKEN_INVALID')
    await cloud.collection('gateway_keys').set(kid, { endsAtMs: cloud.clock.nowMs() + DAY_MS })
    await cloud.clock.advance(10_000)
    expect((await get('/v1/me')).status).toBe(200)
  })
})

describe('a route', () => {
  it('does for a partner what it does for an operator, by the same rules', async () => {
    await cloud
      .collection('stocks')
      .insert({ _id: 'sku_1', onHand: 3, reserved: 1, sold: 0, low: false, updatedAtMs: 1 })
    const page = await get('/v1/stock', { query: { size: '1', onlyLow: 'false' } })
    expect([page.status, page.body]).toMatchObject([
      200,
      { items: [{ skuId: 'sku_1', available: 2 }], nextCursor: null },
    ])
    expect((await get('/v1/orders/none')).body).toMatchObject({ status: 404, error: 'NOT_FOUND', code: 1005 })
    const shipped = await http(cloud, 'POST', '/v1/orders/none/shipment', {
      token,
      body: { carrier: '顺丰' },
    })
    expect(shipped.body).toMatchObject({ status: 400, error: 'INVALID_INPUT' })
  })

  it('costs one request besides its own', async () => {
    await get('/v1/stock')
    await get('/v1/stock')
    expect(cloud.databaseCalls()).toBe(2)
  })

  it('gives the next page by cursor and by the Link header', async () => {
    for (const n of [1, 2, 3]) {
      await cloud
        .collection('stocks')
        .insert({ _id: `sku_${n}`, onHand: n, reserved: 0, sold: 0, low: false, updatedAtMs: n })
    }
    const first = await get('/v1/stock', { query: { size: '2' } })
    const [, query = ''] = /^<\?(.+)>; rel="next"$/.exec(first.headers.link ?? '') ?? []
    const next = Object.fromEntries(new URLSearchParams(query))
    expect(next).toEqual({ size: '2', cursor: first.body.nextCursor })
    const second = await get('/v1/stock', { query: next })
    expect([second.body.items, second.headers.link]).toMatchObject([[{ skuId: 'sku_1' }], undefined])
  })

  it('that writes wants an idempotency key, and answers a repeat as it did the first time', async () => {
    const restock = (quantity: number, key?: string) =>
      http(cloud, 'POST', '/v1/stock/sku_1/restock', {
        token,
        body: { quantity },
        headers: key === undefined ? {} : { 'idempotency-key': key },
      })
    expect((await restock(5)).body).toMatchObject({ status: 400, error: 'REQUEST_ID_REQUIRED' })
    const first = await restock(5, 'delivery-0001')
    expect([first.status, first.body]).toEqual([200, { skuId: 'sku_1', onHand: 5, available: 5 }])
    expect((await restock(5, 'delivery-0001')).body).toEqual(first.body)
    expect((await restock(6, 'delivery-0001')).body).toMatchObject({
      status: 422,
      error: 'REQUEST_ID_REUSED',
    })
    expect((await restock(5, 'short')).body).toMatchObject({ status: 400, error: 'INVALID_INPUT' })
    const audit = await cloud.collection('audit_entries').all()
    expect(audit).toContainEqual(
      expect.objectContaining({ action: 'inventory.restock', actor: partner.partnerId }),
    )
  })

  it('needs its scope, and says which', async () => {
    const few = await tokenOf(cloud, partner, 'order:read')
    const refused = await http(cloud, 'GET', '/v1/stock', { token: few })
    expect(refused).toMatchObject({
      status: 403,
      body: { error: 'FORBIDDEN', details: { needs: 'inventory:read' } },
    })
    expect(refused.headers['www-authenticate']).toBe(
      'Bearer error="insufficient_scope", scope="inventory:read"',
    )
  })

  it('loses the scopes that an operator takes away, at once', async () => {
    await admin().ok('gateway/updatePartner', {
      partnerId: partner.partnerId,
      terms: { name: '云仓', scopes: ['order:read'] },
    })
    expect((await get('/v1/stock')).body.error).toBe('FORBIDDEN')
    expect((await get('/v1/orders')).status).toBe(200)
  })

  it('of another name or method is refused', async () => {
    expect((await get('/v1/nothing')).body).toMatchObject({ status: 404, error: 'ROUTE_NOT_FOUND' })
    expect((await get('/__proto__')).body).toMatchObject({ status: 404 })
    expect((await get('/v1/orders/%E0%A4%A')).body).toMatchObject({ status: 404 })
    const wrong = await http(cloud, 'DELETE', '/v1/orders', { token })
    expect([wrong.status, wrong.headers.allow, wrong.body.error]).toEqual([405, 'GET', 'METHOD_NOT_ALLOWED'])
    expect((await http(cloud, 'PUT', '/oauth/token')).status).toBe(405)
  })

  it.each(['not json', '[]', '7', 'null'])('refuses the body %s', async (body) => {
    const headers = { 'idempotency-key': 'delivery-0001' }
    const refused = await http(cloud, 'POST', '/v1/stock/sku_1/restock', { token, body, headers })
    expect(refused.body).toMatchObject({ status: 400, error: 'INVALID_INPUT' })
  })

  it('speaks the language that is asked for, and nothing opens it to pages of browsers', async () => {
    const zh = await get('/v1/nothing')
    const en = await get('/v1/nothing', {
      headers: { 'accept-language': 'en-GB', origin: 'https://shop.example' },
    })
    expect([zh.body.detail, en.body.detail]).toEqual(['没有这个接口', 'There is no such route'])
    expect(zh.headers['content-type']).toBe('application/problem+json; charset=utf-8')
    expect(Object.keys(en.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
  })

  it('cannot be reached by a mini program that sends what looks like a request', async () => {
    const forged = { path: '/v1/me', httpMethod: 'GET', headers: { authorization: `Bearer ${token}` } }
    expect(await cloud.as('buyer1').send('gateway', forged)).toMatchObject({ error: 'ROUTE_NOT_FOUND' })
  })

  it('that fails tells nothing of why', async () => {
    cloud.fail('database.getDocument', { code: 'SYS_ERR', times: 9 })
    const failed = await get('/v1/orders')
    expect([failed.status, failed.body]).toMatchObject([
      500,
      { error: 'INTERNAL', requestId: expect.any(String) },
    ])
    expect(JSON.stringify(failed.body)).not.toContain('SYS_ERR')
  })
})

describe('a partner', () => {
  it('that is revoked is out at once, token and secret', async () => {
    await admin().ok('gateway/revokePartner', { partnerId: partner.partnerId })
    expect((await get('/v1/me')).body).toMatchObject({ status: 401, error: 'PARTNER_REVOKED' })
    expect((await askForToken(cloud, partner)).body.error_description).toBe('PARTNER_REVOKED')
    const rotate = admin().refused('gateway/rotateSecret', { partnerId: partner.partnerId })
    expect(await rotate).toBe('PARTNER_REVOKED')
  })

  it('whose secret is revoked loses the tokens that came of it', async () => {
    await admin().ok('gateway/revokeKey', { partnerId: partner.partnerId, keyId: partner.secretId })
    expect((await get('/v1/me')).body).toMatchObject({ status: 401, error: 'KEY_REVOKED' })
    expect((await askForToken(cloud, partner)).body.error).toBe('invalid_client')
  })

  it('changes over to a new secret within a day', async () => {
    const options = { requestId: 'rotate-0001' }
    const fresh = await admin().ok<TestPartner>(
      'gateway/rotateSecret',
      { partnerId: partner.partnerId },
      options,
    )
    expect(await admin().ok('gateway/rotateSecret', { partnerId: partner.partnerId }, options)).toEqual(fresh)
    expect((await askForToken(cloud, partner)).status).toBe(200)
    await cloud.clock.advance(DAY_MS)
    expect((await askForToken(cloud, partner)).status).toBe(401)
    expect((await askForToken(cloud, { ...partner, ...fresh })).status).toBe(200)
  })

  it('may make so many calls a minute, however many come at once', async () => {
    const slow = await createPartner(cloud, { perMinute: 5, perDay: 8, scopes: ['partner:read'] })
    const slowToken = await tokenOf(cloud, slow)
    const call = () => http(cloud, 'GET', '/v1/me', { token: slowToken })
    const answers = await Promise.all(Array.from({ length: 10 }, call))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(4) // the token was one
    const refused = answers.find(({ status }) => status === 429)
    expect([refused?.body.error, refused?.headers['retry-after']]).toEqual(['TOO_MANY_REQUESTS', '60'])

    await cloud.clock.advance(MINUTE_MS)
    const next = await Promise.all(Array.from({ length: 10 }, call))
    expect(next.filter(({ status }) => status === 200)).toHaveLength(3) // eight a day
    expect((await call()).body.error).toBe('QUOTA_EXCEEDED')
    await cloud.clock.advance(DAY_MS - 2 * MINUTE_MS)
    expect((await askForToken(cloud, slow)).status).toBe(200)
  })

  it('that others guess at loses none of its calls', async () => {
    for (let n = 0; n < 3; n++) await askForToken(cloud, { ...partner, clientSecret: 'guess' })
    const { minuteLeft } = (await cloud.collection('partners').get(partner.partnerId)) ?? {}
    expect(minuteLeft).toBe(119)
  })

  it('may be bound to addresses', async () => {
    const bound = await createPartner(cloud, { ips: ['203.0.113.0/24', '2001:db8::7'] })
    const from = (address?: string) =>
      askForToken(cloud, bound, address === undefined ? {} : { headers: { 'x-forwarded-for': address } })
    expect((await from('203.0.113.9')).status).toBe(200)
    expect((await from('2001:db8::7')).status).toBe(200)
    // What stands first, the client wrote.
    for (const address of [undefined, '198.51.100.1', '203.0.113.9, 198.51.100.1', 'x'])
      expect((await from(address)).body.error).toBe('ADDRESS_NOT_ALLOWED')
  })
})

describe('a signed request', () => {
  const body = { quantity: 1 }
  const path = '/v1/stock/sku_1/restock'
  let key: { keyId: string; signingSecret: string }
  beforeEach(async () => {
    partner = await createPartner(cloud, { mustSign: true })
    key = await admin().ok('gateway/addSigningKey', { partnerId: partner.partnerId })
    token = await tokenOf(cloud, partner)
  })
  const send = (headers: Record<string, string>, sent: unknown = body) =>
    http(cloud, 'POST', path, {
      token,
      body: sent,
      headers: { 'idempotency-key': 'delivery-0001', ...headers },
    })
  const sign = (change: object = {}) => signed(cloud, key, { method: 'POST', path, body, ...change })

  it('is taken once', async () => {
    const headers = sign({ nonce: 'nonce-0001' })
    expect((await send(headers)).status).toBe(200)
    expect((await send(headers)).body).toMatchObject({ status: 401, error: 'REQUEST_REPLAYED' })
  })

  it('is signed with its query, whatever its order', async () => {
    const headers = signed(cloud, key, { method: 'GET', path: '/v1/stock', query: 'onlyLow=true&size=5' })
    const query = { size: '5', onlyLow: 'true' }
    expect((await http(cloud, 'GET', '/v1/stock', { token, headers, query })).status).toBe(200)
  })

  it.each([
    ['no signature', () => ({}), 'SIGNATURE_REQUIRED'],
    ['another path', () => sign({ path: '/v1/stock/sku_2/restock' }), 'SIGNATURE_INVALID'],
    ['another method', () => sign({ method: 'PUT' }), 'SIGNATURE_INVALID'],
    ['another body', () => sign({ body: { quantity: 2 } }), 'SIGNATURE_INVALID'],
    ['another nonce', () => ({ ...sign(), 'x-nonce': 'nonce-9999' }), 'SIGNATURE_INVALID'],
    [
      'another secret',
      () => signed(cloud, { ...key, signingSecret: 'x' }, { method: 'POST', path, body }),
      'SIGNATURE_INVALID',
    ],
    ['an unknown key', () => ({ ...sign(), 'x-key-id': 'sgk_x' }), 'SIGNATURE_INVALID'],
    ['no time', () => ({ ...sign(), 'x-timestamp': 'now' }), 'SIGNATURE_INVALID'],
    ['a short nonce', () => ({ ...sign(), 'x-nonce': 'n' }), 'SIGNATURE_INVALID'],
    ['an old time', () => sign({ atMs: cloud.clock.nowMs() - 6 * MINUTE_MS }), 'SIGNATURE_EXPIRED'],
    ['a time to come', () => sign({ atMs: cloud.clock.nowMs() + 6 * MINUTE_MS }), 'SIGNATURE_EXPIRED'],
  ])('with %s is refused, and its nonce stays free', async (_, headers, error) => {
    expect((await send(headers())).body).toMatchObject({ status: 401, error })
    expect(await cloud.collection('gateway_nonces').all()).toEqual([])
  })

  it('by a key that was revoked is refused', async () => {
    await admin().ok('gateway/revokeKey', { partnerId: partner.partnerId, keyId: key.keyId })
    expect((await send(sign())).body).toMatchObject({ status: 401, error: 'KEY_REVOKED' })
  })
})

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
