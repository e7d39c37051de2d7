import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { type UnitCloud, unitCloud } from '../../../test/support/unit.ts'
import { createPartner, http, type TestPartner, tokenOf } from '../partner.fixture.ts'
import { type Receiver, startReceiver } from './receiver.fixture.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const EVENTS = ['order.paid', 'order.shipped', 'order.completed']

let cloud: UnitCloud
let partner: TestPartner
let token: string
beforeEach(async () => {
  cloud = await unitCloud()
  partner = await createPartner(cloud, { perMinute: 6_000 })
  token = await tokenOf(cloud, partner)
})

const request = (method: string, path: string, body?: object) =>
  http(cloud, method, path, { token, body, headers: { 'idempotency-key': `key-${crypto.randomUUID()}` } })

async function subscribe(receiver: Receiver, events = EVENTS): Promise<string> {
  const { status, body } = await request('POST', '/v1/webhook-endpoints', { url: receiver.url, events })
  expect(status).toBe(201)
  receiver.secrets.push(String(body.secret))
  return String(body.endpointId)
}

/** Events as calls that stopped leave them, all in one millisecond: the scheduler delivers them. */
let count = 0
async function happen(...events: [orderId: string, type: string][]): Promise<void> {
  for (const [orderId, type] of events) {
    const occurredAtMs = cloud.clock.nowMs()
    const payload = { orderId, userId: 'oBuyer', kind: 'normal', lines: [], amountFen: 1, title: '茶' }
    await cloud.collection('outbox').insert({
      _id: `evt_${999 - (count++ % 999)}_${Math.random()}`,
      type,
      payload: { ...payload, paidAtMs: occurredAtMs, carrier: '顺丰', trackingNo: 'SF1' },
      occurredAtMs,
      traceId: 'trace-0001',
      status: 'pending',
      doneBy: [],
      attempts: 0,
      dueAtMs: cloud.clock.nowMs(),
    })
  }
}
/** The two jobs of the scheduler that matter here; they may fail when the database does, and the next run goes on. */
const run = (job: string) => cloud.as('admin').call('scheduler/run', { job })
async function tick(): Promise<void> {
  await run('outbox-sweep')
  await run('webhooks')
}
async function pass(ms: number, stepMs: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += stepMs) {
    await cloud.clock.advance(stepMs)
    await tick()
  }
}
const deliveries = () => cloud.collection('webhook_deliveries').all()
const life = (orderId: string) => EVENTS.map((type): [string, string] => [orderId, type])

/** Types per order, as the receiver took them. */
function stories(receiver: Receiver): Record<string, string[]> {
  const told: Record<string, string[]> = {}
  for (const { orderId, type } of receiver.taken()) told[orderId] = [...(told[orderId] ?? []), type]
  return told
}

describe('a webhook', () => {
  it('goes to whoever subscribed, signed, once, and is logged', async () => {
    await using receiver = await startReceiver()
    await subscribe(receiver, ['order.paid'])
    await happen(['ord_1', 'order.paid'], ['ord_1', 'order.shipped'])
    await tick()
    await pass(3 * MINUTE_MS, MINUTE_MS)
    expect(receiver.received).toMatchObject([{ type: 'order.paid', orderId: 'ord_1', status: 204 }])
    const { body } = await request('GET', '/v1/webhook-deliveries')
    expect(body.items).toMatchObject([
      { type: 'order.paid', status: 'delivered', attempts: 1, log: [{ httpStatus: 204, error: null }] },
    ])
  })

  it('reaches a receiver that fails for hours: each at least once, each order in its order, repeats known', async () => {
    await using receiver = await startReceiver()
    await subscribe(receiver)
    receiver.answer(503)
    await happen(...life('ord_1'), ['ord_2', 'order.paid'])
    await tick()
    await pass(5 * HOUR_MS, 20 * MINUTE_MS)
    await happen(['ord_2', 'order.shipped'], ['ord_3', 'order.paid'])
    await pass(2 * HOUR_MS, 20 * MINUTE_MS)
    expect(receiver.taken()).toEqual([])
    expect(new Set(receiver.received.map(({ type }) => type))).toEqual(new Set(['order.paid']))
    receiver.answer(204)
    await pass(9 * HOUR_MS, 30 * MINUTE_MS)
    expect(stories(receiver)).toEqual({
      ord_1: EVENTS,
      ord_2: ['order.paid', 'order.shipped'],
      ord_3: ['order.paid'],
    })
    // What failed came again under the same id.
    const first = receiver.received.filter(
      ({ orderId, type }) => orderId === 'ord_1' && type === 'order.paid',
    )
    expect(first.length).toBeGreaterThan(5)
    expect(new Set(first.map(({ id }) => id)).size).toBe(1)
  })

  it('that was taken while we died comes again, and the receiver knows it', async () => {
    await using receiver = await startReceiver()
    await subscribe(receiver)
    await happen(['ord_1', 'order.paid'])
    receiver.answer(() => {
      // The cloud goes away between the answer and our note of it.
      cloud.fail('database.modifyDocument', { code: 'DATABASE_REQUEST_FAILED', times: 1 })
      receiver.answer(204)
      return 204
    })
    await tick()
    await pass(3 * MINUTE_MS, MINUTE_MS)
    expect(receiver.received).toHaveLength(2)
    expect(receiver.taken()).toHaveLength(1)
    expect(await deliveries()).toMatchObject([{ status: 'delivered' }])
  })

  it('is given up after a day, lets the next one pass, and is sent again by whoever asks', async () => {
    await using receiver = await startReceiver()
    await subscribe(receiver)
    receiver.answer(({ type }) => (type === 'order.paid' ? 500 : 204))
    await happen(...life('ord_1'))
    await tick()
    await pass(23 * HOUR_MS, 30 * MINUTE_MS)
    expect(receiver.taken()).toEqual([])
    // The ticks of this test are coarse, and each attempt waits for one.
    await pass(3 * HOUR_MS, 30 * MINUTE_MS)
    expect(stories(receiver)).toEqual({ ord_1: ['order.shipped', 'order.completed'] })
    expect(receiver.received.filter(({ type }) => type === 'order.paid')).toHaveLength(10)

    const { items } = await cloud
      .as('admin')
      .ok<{ items: { deliveryId: string }[] }>('gateway/listDeliveries', {
        status: 'dead',
      })
    expect(items).toMatchObject([{ type: 'order.paid', attempts: 10 }])
    const deliveryId = items[0]?.deliveryId ?? ''
    receiver.answer(204)
    token = await tokenOf(cloud, partner)
    expect((await request('POST', `/v1/webhook-deliveries/${deliveryId}/replay`)).status).toBe(200)
    expect(await cloud.as('admin').refused('gateway/replayDelivery', { deliveryId })).toBe('DELIVERY_STATE')
    await tick()
    await pass(MINUTE_MS, MINUTE_MS)
    expect(stories(receiver).ord_1).toContain('order.paid')
  })

  it('that nobody can take does not hold up those of others', async () => {
    await using dead = await startReceiver()
    await using receiver = await startReceiver()
    await subscribe(dead)
    dead.answer(500)
    await subscribe(receiver)
    await happen(...Array.from({ length: 40 }, (_, n): [string, string] => [`ord_${n}`, 'order.paid']))
    await tick()
    await pass(MINUTE_MS, MINUTE_MS)
    expect(receiver.taken()).toHaveLength(40)
    expect(dead.received.length).toBeLessThan(30)
  })

  it('is not sent to an address that said it is gone', async () => {
    await using receiver = await startReceiver()
    await subscribe(receiver)
    receiver.answer(410)
    await happen(['ord_1', 'order.paid'])
    await tick()
    await happen(['ord_2', 'order.paid'])
    await pass(2 * MINUTE_MS, MINUTE_MS)
    expect(receiver.received).toHaveLength(1)
    expect((await request('GET', '/v1/webhook-endpoints')).body.items).toMatchObject([{ status: 'disabled' }])
  })

  it('is not sent any more when the partner lost its scope, its endpoint or its contract', async () => {
    await using receiver = await startReceiver()
    const endpointId = await subscribe(receiver)
    const terms = { name: '云仓', scopes: ['webhook:manage'] }
    receiver.answer(500)
    await happen(['ord_1', 'order.paid'])
    await tick()
    await cloud.as('admin').ok('gateway/updatePartner', { partnerId: partner.partnerId, terms })
    await pass(2 * MINUTE_MS, MINUTE_MS)
    expect(await deliveries()).toMatchObject([
      { status: 'dead', log: [{ httpStatus: 500 }, { error: 'the partner has no scope order:read' }] },
    ])
    await happen(['ord_2', 'order.paid'])
    expect((await request('DELETE', `/v1/webhook-endpoints/${endpointId}`)).body.removed).toBe(true)
    expect((await request('DELETE', `/v1/webhook-endpoints/${endpointId}`)).body.removed).toBe(false)
    await pass(2 * MINUTE_MS, MINUTE_MS)
    expect(receiver.received).toHaveLength(1)
  })

  it('is signed with both secrets while one is being changed', async () => {
    await using receiver = await startReceiver()
    const endpointId = await subscribe(receiver)
    const { body } = await request('POST', `/v1/webhook-endpoints/${endpointId}/secret`)
    await happen(['ord_1', 'order.paid'])
    await tick()
    expect(receiver.received).toMatchObject([{ status: 204, signatures: 2 }])
    await cloud.clock.advance(24 * HOUR_MS)
    await happen(['ord_2', 'order.paid'])
    await tick()
    expect(receiver.received).toMatchObject([{}, { status: 401, signatures: 1 }])
    receiver.secrets.push(String(body.secret))
    await pass(2 * MINUTE_MS, MINUTE_MS)
    expect(receiver.taken()).toHaveLength(2)
  })

  it('is there at least once and in order, whatever the receiver and the cloud do', async () => {
    const plan = fc.record({
      // Each answer of the receiver, until it recovers; with fewer failures than make us give up.
      answers: fc.array(fc.constantFrom(204, 204, 500, 302), { maxLength: 8 }),
      // Our own notes that get lost: at which of them.
      lost: fc.array(fc.nat(15), { maxLength: 3 }),
      orders: fc.array(fc.constantFrom('ord_1', 'ord_2', 'ord_3'), { minLength: 1, maxLength: 9 }),
    })
    await using receiver = await startReceiver()
    await fc.assert(
      fc.asyncProperty(plan, async ({ answers, lost, orders }) => {
        cloud = await unitCloud()
        partner = await createPartner(cloud)
        token = await tokenOf(cloud, partner)
        receiver.received.splice(0)
        await subscribe(receiver)
        const wanted: Record<string, string[]> = {}
        for (const orderId of orders) {
          const type = EVENTS[(wanted[orderId] ?? []).length]
          if (type === undefined) continue
          wanted[orderId] = [...(wanted[orderId] ?? []), type]
          await happen([orderId, type])
        }
        // All of them are known before anything goes wrong.
        receiver.answer(503)
        await tick()
        const left = [...answers]
        receiver.answer(() => left.shift() ?? 204)
        for (const after of lost)
          cloud.fail('database.modifyDocument', { code: 'DATABASE_REQUEST_FAILED', after, times: 1 })
        await pass(13 * 6 * HOUR_MS, 6 * HOUR_MS)
        expect(stories(receiver)).toEqual(wanted)
      }),
      { numRuns: 12 },
    )
  }, 30_000)
})

describe('gateway/createEndpoint', () => {
  it('gives the same secret to a repeat', async () => {
    const ask = (events: string[]) =>
      http(cloud, 'POST', '/v1/webhook-endpoints', {
        token,
        body: { url: 'https://hooks.example.com/', events },
        headers: { 'idempotency-key': 'endpoint-1' },
      })
    const first = await ask(['order.paid'])
    expect(first.body).toEqual({ endpointId: expect.any(String), secret: expect.stringMatching(/^whsec_/) })
    expect((await ask(['order.paid'])).body).toEqual(first.body)
    expect((await ask(['order.closed'])).body.error).toBe('REQUEST_ID_REUSED')
    expect(await cloud.collection('webhook_endpoints').all()).toHaveLength(1)
  })

  it('refuses an unknown event, one whose scope is missing, a strange address, and an eleventh', async () => {
    const ask = async (url: string, ...events: string[]) =>
      (await request('POST', '/v1/webhook-endpoints', { url, events })).body.error
    expect(await ask('https://hooks.example.com/', 'order.eaten')).toBe('INVALID_INPUT')
    expect(await ask('https://hooks.example.com/', 'refund.succeeded')).toBe('FORBIDDEN')
    expect(await ask('ftp://hooks.example.com/', 'order.paid')).toBe('WEBHOOK_ADDRESS')
    for (let n = 0; n < 10; n++)
      expect(await ask(`https://hooks.example.com/${n}`, 'order.paid')).toBeUndefined()
    expect(await ask('https://hooks.example.com/10', 'order.paid')).toBe('WEBHOOK_LIMIT')
  })

  it('belongs to its partner alone', async () => {
    await using receiver = await startReceiver()
    const endpointId = await subscribe(receiver)
    await happen(['ord_1', 'order.paid'])
    await tick()
    const [delivery] = await deliveries()
    token = await tokenOf(cloud, await createPartner(cloud, { name: '别家' }))
    expect((await request('GET', '/v1/webhook-endpoints')).body.items).toEqual([])
    expect((await request('GET', '/v1/webhook-deliveries')).body.items).toEqual([])
    expect((await request('DELETE', `/v1/webhook-endpoints/${endpointId}`)).body.removed).toBe(false)
    expect((await request('POST', `/v1/webhook-endpoints/${endpointId}/secret`)).body.error).toBe('NOT_FOUND')
    expect((await request('POST', `/v1/webhook-deliveries/${delivery?._id}/replay`)).body.error).toBe(
      'NOT_FOUND',
    )
  })
})

describe('cleaning', () => {
  it('removes nonces and ended deliveries in their time', async () => {
    await using receiver = await startReceiver()
    await subscribe(receiver)
    await happen(['ord_1', 'order.paid'])
    await cloud
      .collection('gateway_nonces')
      .insert({ _id: 'non_1', expiresAtMs: cloud.clock.nowMs() + MINUTE_MS })
    await tick()
    await cloud.clock.advance(2 * HOUR_MS)
    await run('cleaning')
    expect(await cloud.collection('gateway_nonces').all()).toEqual([])
    expect(await deliveries()).toHaveLength(1)
    await cloud.clock.advance(30 * 24 * HOUR_MS)
    await run('cleaning')
    expect(await deliveries()).toEqual([])
  })
})
