import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createPhone, type Phone } from './phone.ts'

interface Api {
  api: { order: Record<'create' | 'detail', (input: object) => Promise<unknown>> }
  Refused: new (...args: never[]) => Error
  NoAnswer: new (...args: never[]) => Error
}

interface Seen {
  name: string
  $url: unknown
  data: unknown
  requestId: unknown
}

const MINUTE_MS = 60_000
const LOST = { errMsg: 'cloud.callFunction:fail timeout', errCode: -1 }
const done = (data: unknown) => ({ code: 0, data, requestId: 'any' })
const refusal = (error: string) => ({
  code: 4001,
  error,
  message: '库存不足',
  details: { skuId: 's' },
  requestId: 'r',
})

describe('a call from the mini program', () => {
  let phone: Phone
  let seen: Seen[]
  /** What the server does with the next calls, one by one; afterwards it answers with `null`. */
  let script: (() => unknown)[]

  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
    seen = []
    script = []
    phone = createPhone({ kind: 'cloudbase', env: 'shop' }, async (name, { $url, data, requestId }) => {
      if (name !== 'user') seen.push({ name, $url, data, requestId })
      const next = name === 'user' ? undefined : script.shift()
      return next ? next() : done(null)
    })
    await phone.startApp()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  const lost = () => {
    throw LOST
  }
  const loadApi = () => phone.load<Api>('api/index.ts')
  const ids = () => seen.map(({ requestId }) => requestId)

  /** Runs a call to its end with all of its pauses; gives what it threw, or undefined. */
  async function outcome(call: Promise<unknown>): Promise<unknown> {
    const settled = call.then(
      () => undefined,
      (error: unknown) => error,
    )
    await vi.runAllTimersAsync()
    return settled
  }

  const WISH = { items: [{ skuId: 's', quantity: 1 }], addressId: 'a' }

  it('sends route, input and a request id, and gives the data', async () => {
    const { api } = await loadApi()
    script = [() => done({ orderId: 'ord1' })]
    expect(await api.order.create(WISH)).toEqual({ orderId: 'ord1' })
    expect(seen).toEqual([{ name: 'order', $url: 'create', data: WISH, requestId: expect.any(String) }])
  })

  it('is tried again with the same id when no answer came', async () => {
    const { api } = await loadApi()
    script = [lost, lost, () => done(1)]
    expect(await outcome(api.order.create(WISH))).toBeUndefined()
    expect(seen).toHaveLength(3)
    expect(new Set(ids()).size).toBe(1)
  })

  it('gives up after three tries, and says that nothing is known', async () => {
    const { api, NoAnswer } = await loadApi()
    script = [lost, lost, lost]
    expect(await outcome(api.order.detail({ orderId: 'o' }))).toBeInstanceOf(NoAnswer)
    expect(seen).toHaveLength(3)
  })

  it('keeps the id of an idempotent wish for the next tap, until an answer has come', async () => {
    const { api } = await loadApi()
    script = [lost, lost, lost]
    await outcome(api.order.create(WISH))
    await api.order.create(WISH)
    expect(new Set(ids()).size).toBe(1)

    await api.order.create(WISH)
    expect(new Set(ids()).size).toBe(2)
  })

  it('keeps it when the app was killed in between', async () => {
    script = [lost, lost, lost]
    await outcome((await loadApi()).api.order.create(WISH))
    await phone.startApp()
    await (await loadApi()).api.order.create(WISH)
    expect(seen).toHaveLength(4)
    expect(new Set(ids()).size).toBe(1)
  })

  it('gives another wish another id', async () => {
    const { api } = await loadApi()
    script = [lost, lost, lost]
    await outcome(api.order.create(WISH))
    await api.order.create({ ...WISH, addressId: 'b' })
    expect(ids()[3]).not.toBe(ids()[0])
  })

  it('gives a route that is not idempotent a new id for each call', async () => {
    const { api } = await loadApi()
    await api.order.detail({ orderId: 'o' })
    await api.order.detail({ orderId: 'o' })
    expect(new Set(ids()).size).toBe(2)
    expect(phone.storage.size).toBe(0)
  })

  it('throws the refusal with its name, code, words and details, and does not try again', async () => {
    const { api, Refused } = await loadApi()
    script = [() => refusal('STOCK_SHORT')]
    const error = await outcome(api.order.create(WISH))
    expect(error).toBeInstanceOf(Refused)
    expect(error).toMatchObject({
      error: 'STOCK_SHORT',
      code: 4001,
      message: '库存不足',
      details: { skuId: 's' },
    })
    expect(seen).toHaveLength(1)
  })

  it('begins a new wish after a refusal', async () => {
    const { api } = await loadApi()
    script = [() => refusal('STOCK_SHORT')]
    await outcome(api.order.create(WISH))
    await api.order.create(WISH)
    expect(new Set(ids()).size).toBe(2)
  })

  it.each(['INTERNAL', 'BUSY', 'STALE', 'TOO_MANY_REQUESTS'])(
    'keeps the id after %s, which tells nothing about an earlier try',
    async (error) => {
      const { api } = await loadApi()
      script = [lost, lost, lost, () => refusal(error)]
      await outcome(api.order.create(WISH))
      await outcome(api.order.create(WISH))
      await api.order.create(WISH)
      expect(seen).toHaveLength(5)
      expect(new Set(ids()).size).toBe(1)
    },
  )

  it('forgets an id when the wish has grown old, and clears old ones away at the next start', async () => {
    const { api } = await loadApi()
    script = [lost, lost, lost, lost, lost, lost]
    await outcome(api.order.create(WISH))
    vi.setSystemTime(Date.now() + 20 * MINUTE_MS)
    await outcome(api.order.create(WISH))
    expect(new Set(ids()).size).toBe(2)

    expect(phone.storage.size).toBe(1)
    vi.setSystemTime(Date.now() + 20 * MINUTE_MS)
    phone.storage.set('something-else', 1)
    await phone.startApp()
    await loadApi()
    expect([...phone.storage.keys()]).toEqual(['something-else'])
  })

  it('takes something that is not a reply for no answer', async () => {
    const { api, NoAnswer } = await loadApi()
    const odd = () => 'hello'
    script = [odd, odd, odd]
    expect(await outcome(api.order.detail({ orderId: 'o' }))).toBeInstanceOf(NoAnswer)
  })
})
