import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type UnitCloud, unitCloud } from '../../test/support/unit.ts'

let cloud: UnitCloud

beforeEach(async () => {
  cloud = await unitCloud({
    functions: { demo: () => import('./pipeline.fixture.ts') },
    collections: ['accounts', 'receipts'],
  })
})

afterEach(() => {
  vi.restoreAllMocks()
})

async function open(...names: string[]): Promise<void> {
  for (const _id of names) await cloud.collection('accounts').insert({ _id, balanceFen: 100 })
}

const balances = async () =>
  Object.fromEntries(
    (await cloud.collection('accounts').all()).map(({ _id, balanceFen }) => [_id, balanceFen]),
  )

describe('a reply', () => {
  it('carries data and the request id of the caller', async () => {
    const reply = await cloud.as('buyer1').call('demo/echo', { text: 'hi' }, { requestId: 'request-1' })
    expect(reply).toEqual({
      code: 0,
      data: { text: 'hi', route: 'demo/echo', requestId: 'request-1' },
      requestId: 'request-1',
    })
  })

  it('of a fault hides what happened', async () => {
    const reply = await cloud.as('buyer1').call('demo/explode')
    expect(reply).toMatchObject({ code: 1000, error: 'INTERNAL' })
    expect(JSON.stringify(reply)).not.toContain('secret')
  })

  it('speaks the language of the caller, Chinese unless told otherwise', async () => {
    const say = async (lang?: 'zh' | 'en') =>
      (await cloud.as('buyer1').call('demo/nowhere', {}, { lang })) as { message: string }
    expect((await say()).message).toBe('没有这个接口')
    expect((await say('en')).message).toBe('There is no such route')
  })
})

describe('bad input', () => {
  it.each([['nowhere'], ['toString'], ['__proto__'], ['constructor'], [{}], [null], [7], [['echo']]])(
    'refuses $url %o',
    async ($url) => {
      expect(await cloud.as('buyer1').send('demo', { $url, data: {} })).toMatchObject({
        error: 'ROUTE_NOT_FOUND',
      })
    },
  )

  it.each([[null], ['text'], [[]], [{}], [42]])('refuses an event that is %o', async (event) => {
    expect(await cloud.as('buyer1').send('demo', event)).toMatchObject({ error: 'ROUTE_NOT_FOUND' })
  })

  it.each([[{ text: 7 }], [{ text: 'far too long a text' }], ['text'], [[]], [7]])(
    'refuses data %o',
    async (data) => {
      const reply = await cloud.as('buyer1').call('demo/echo', data)
      expect(reply).toMatchObject({ code: 1001, error: 'INVALID_INPUT', details: { issues: [{}] } })
    },
  )

  it.each(['short', 'x'.repeat(65), 'has space in it', 42, {}])(
    'refuses a request id %o',
    async (requestId) => {
      const event = { $url: 'echo', data: { text: 'hi' }, requestId }
      expect(await cloud.as('buyer1').send('demo', event)).toMatchObject({ error: 'INVALID_INPUT' })
    },
  )
})

describe('access', () => {
  it('user: refuses whoever is not signed in', async () => {
    expect(await cloud.asFunction().refused('demo/whoami')).toBe('UNAUTHENTICATED')
    expect(await cloud.as('buyer1').ok('demo/whoami')).toEqual({ userId: cloud.openid('buyer1') })
  })

  it('user: a function acts for the user that it names, a client cannot', async () => {
    expect(await cloud.asFunction('buyer2').ok('demo/whoami')).toEqual({ userId: cloud.openid('buyer2') })
    const forged = {
      $url: 'whoami',
      data: {},
      onBehalfOf: cloud.openid('buyer2'),
      openid: cloud.openid('buyer2'),
    }
    expect(await cloud.as('buyer1').send('demo', forged)).toMatchObject({
      data: { userId: cloud.openid('buyer1') },
    })
  })

  it('permission: comes with a role, and goes with it', async () => {
    expect(await cloud.as('buyer1').refused('demo/operate')).toBe('FORBIDDEN')
    await cloud
      .collection('roles')
      .insert({ _id: 'op', title: 'Op', permissions: ['demo:operate'], updatedAtMs: 0 })
    await cloud.collection('grants').insert({ _id: cloud.openid('buyer1'), roles: ['op'], updatedAtMs: 0 })
    await cloud.clock.advance(61_000)
    expect(await cloud.as('buyer1').ok('demo/operate')).toBe('operated')
    expect(await cloud.as('buyer2').refused('demo/operate')).toBe('FORBIDDEN')
    expect(await cloud.as('admin').ok('demo/operate')).toBe('operated')
  })

  it('bans: end a user’s calls until they run out', async () => {
    const bans = [{ openid: cloud.openid('buyer1'), untilMs: cloud.clock.nowMs() + 600_000 }]
    await cloud.collection('ban_lists').insert({ _id: 'all', bans })
    expect(await cloud.as('buyer1').refused('demo/whoami')).toBe('USER_BANNED')
    expect(await cloud.as('buyer2').ok('demo/whoami')).toBeTruthy()
    await cloud.clock.advance(600_001)
    expect(await cloud.as('buyer1').ok('demo/whoami')).toBeTruthy()
  })

  it('internal: only a function passes', async () => {
    expect(await cloud.as('admin').refused('demo/internal')).toBe('FORBIDDEN')
    expect(await cloud.asFunction().ok('demo/internal')).toEqual({ kind: 'function' })
  })

  it('timer: a client that plays one is refused', async () => {
    const forged = { Type: 'Timer', TriggerName: 'everyMinute' }
    expect(await cloud.as('admin').refused('demo/timed')).toBe('FORBIDDEN')
    expect(await cloud.as('admin').send('demo', forged)).toMatchObject({ error: 'ROUTE_NOT_FOUND' })
    expect(await cloud.asTimer('demo', 'everyMinute')).toBe('ticked')
    expect(await cloud.asTimer('demo', 'constructor')).toMatchObject({ error: 'ROUTE_NOT_FOUND' })
  })

  it('platform events: get the raw answer that the platform wants', async () => {
    expect(await cloud.asPlatform('demo', { returnCode: 'SUCCESS' })).toEqual({ errcode: 0 })
  })
})

describe('rate limit', () => {
  it('refuses the third call of the same caller within the window', async () => {
    const user = cloud.as('buyer1')
    await user.ok('demo/limited')
    await user.ok('demo/limited')
    expect(await user.call('demo/limited')).toMatchObject({
      error: 'TOO_MANY_REQUESTS',
      details: { retryAfterMs: 1_000 },
    })
    expect(await cloud.as('buyer2').ok('demo/limited')).toBe('through')
    await cloud.clock.advance(1_000)
    expect(await user.ok('demo/limited')).toBe('through')
  })
})

describe("idempotent: 'once'", () => {
  const transfer = { from: 'a', to: 'b', amountFen: 30 }

  it('needs a request id', async () => {
    await open('a', 'b')
    expect(await cloud.as('buyer1').refused('demo/transfer', transfer, { requestId: null })).toBe(
      'REQUEST_ID_REQUIRED',
    )
  })

  it('has one effect and one reply however often it comes, and refuses other input under the same id', async () => {
    await open('a', 'b')
    const requestId = 'request-1'
    const first = await cloud.as('buyer1').call('demo/transfer', transfer, { requestId })
    const again = await cloud.as('buyer1').call('demo/transfer', transfer, { requestId })
    expect(again).toEqual(first)
    expect(await balances()).toEqual({ a: 70, b: 130 })
    const other = { ...transfer, amountFen: 31 }
    expect(await cloud.as('buyer1').refused('demo/transfer', other, { requestId })).toBe('REQUEST_ID_REUSED')
    expect(await balances()).toEqual({ a: 70, b: 130 })
  })

  it('keeps callers apart', async () => {
    await open('a', 'b')
    const requestId = 'request-1'
    await cloud.as('buyer1').ok('demo/transfer', transfer, { requestId })
    await cloud.as('buyer2').ok('demo/transfer', transfer, { requestId })
    expect(await balances()).toEqual({ a: 40, b: 160 })
  })

  it('keeps apart the users that a function calls on behalf of, and knows a user who called before', async () => {
    await open('a', 'b')
    const requestId = 'request-1'
    for (const user of ['buyer1', 'buyer2', 'buyer1']) {
      await cloud.asFunction(user).ok('demo/transfer', transfer, { requestId })
    }
    expect(await balances()).toEqual({ a: 40, b: 160 })
    await cloud.as('buyer2').ok('demo/transfer', transfer, { requestId })
    expect(await balances()).toEqual({ a: 40, b: 160 })
  })

  it('holds when ten twins race, also when only one of them could succeed', async () => {
    await open('a', 'b')
    const all = { ...transfer, amountFen: 100 }
    const replies = await Promise.all(
      Array.from({ length: 10 }, () =>
        cloud.as('buyer1').call('demo/transfer', all, { requestId: 'request-1' }),
      ),
    )
    for (const reply of replies)
      expect(reply).toEqual({ code: 0, data: { leftFen: 0 }, requestId: 'request-1' })
    expect(await balances()).toEqual({ a: 0, b: 200 })
    expect(await cloud.collection('audit_entries').all()).toHaveLength(1)
  })

  it('holds when a twin has its whole effect between the look for a kept reply and the transaction', async () => {
    await open('a', 'b')
    const { beforeTransfer } = await import('./pipeline.fixture.ts')
    const send = () => cloud.as('buyer1').call('demo/transfer', transfer, { requestId: 'request-1' })
    let twin: unknown
    beforeTransfer.run = async () => {
      beforeTransfer.run = async () => {}
      twin = await send()
    }
    const late = await send()
    expect(late).toEqual(twin)
    expect(late).toMatchObject({ code: 0 })
    expect(await balances()).toEqual({ a: 70, b: 130 })
    expect(await cloud.collection('audit_entries').all()).toHaveLength(1)
  })

  it('keeps nothing of a refused try, so that it may succeed later', async () => {
    await open('a', 'b')
    const much = { ...transfer, amountFen: 150 }
    expect(await cloud.as('buyer1').refused('demo/transfer', much, { requestId: 'request-1' })).toBe(
      'STOCK_SHORT',
    )
    await cloud.collection('accounts').insert({ _id: 'c', balanceFen: 500 })
    await cloud.as('buyer1').ok('demo/transfer', { from: 'c', to: 'a', amountFen: 400 })
    expect(await cloud.as('buyer1').ok('demo/transfer', much, { requestId: 'request-1' })).toEqual({
      leftFen: 350,
    })
  })

  it.each([
    ['database.startTransaction', 0],
    ['database.getDocument', 1],
    ['database.modifyDocument', 0],
    ['database.modifyDocument', 1],
    ['database.insertDocument', 0],
    ['database.commitTransaction', 0],
  ])(
    'leaves nothing half done when %s breaks after %i more, and a retry has the effect once',
    async (action, after) => {
      await open('a', 'b')
      cloud.fail(action, { code: 'DATABASE_REQUEST_FAILED', after })
      expect(await cloud.as('buyer1').refused('demo/transfer', transfer, { requestId: 'request-1' })).toBe(
        'INTERNAL',
      )
      expect(await balances()).toEqual({ a: 100, b: 100 })
      expect(await cloud.as('buyer1').ok('demo/transfer', transfer, { requestId: 'request-1' })).toEqual({
        leftFen: 70,
      })
      expect(await balances()).toEqual({ a: 70, b: 130 })
    },
  )

  it('gives the kept reply when the first reply was lost after the commit', async () => {
    await open('a', 'b')
    cloud.fail('database.commitTransaction', { code: 'DATABASE_REQUEST_FAILED', replyLost: true })
    expect(await cloud.as('buyer1').refused('demo/transfer', transfer, { requestId: 'request-1' })).toBe(
      'INTERNAL',
    )
    expect(await cloud.as('buyer1').ok('demo/transfer', transfer, { requestId: 'request-1' })).toEqual({
      leftFen: 70,
    })
    expect(await balances()).toEqual({ a: 70, b: 130 })
  })
})

describe('events', () => {
  const transfer = (to: string) => ({ from: 'a', to, amountFen: 10 })

  it('are delivered by the call that wrote them', async () => {
    await open('a', 'b')
    await cloud.as('buyer1').ok('demo/transfer', transfer('b'))
    expect(await cloud.collection('receipts').all()).toHaveLength(1)
    expect(await cloud.collection('outbox').all()).toMatchObject([
      { status: 'done', doneBy: ['demo.write-receipt'] },
    ])
  })

  it('are delivered also when a timer or a callback fails after its commit', async () => {
    await expect(cloud.asTimer('demo', 'stopsAfterCommit')).rejects.toThrow('after the commit')
    expect(await cloud.collection('receipts').all()).toHaveLength(1)
  })

  it('whose consumer fails stay pending, and the call succeeds all the same', async () => {
    await open('a', 'unreachable')
    await cloud.as('buyer1').ok('demo/transfer', transfer('unreachable'))
    expect(await cloud.collection('outbox').all()).toMatchObject([
      { status: 'pending', attempts: 1, lastError: 'demo.write-receipt: the printer is on fire' },
    ])
  })
})

describe('audit', () => {
  it('has one entry for each effect, chained, in the transaction of the effect', async () => {
    await open('a', 'b')
    const transfer = { from: 'a', to: 'b', amountFen: 30 }
    await cloud.as('buyer1').ok('demo/transfer', transfer)
    await cloud.as('buyer2').ok('demo/transfer', transfer)
    await cloud.as('buyer1').refused('demo/transfer', { ...transfer, amountFen: 1_000 })
    const entries = await cloud.collection('audit_entries').all()
    expect(entries).toMatchObject([
      { seq: 1, actor: cloud.openid('buyer1'), action: 'money.move', subject: 'a' },
      { seq: 2, actor: cloud.openid('buyer2'), action: 'money.move', subject: 'a' },
    ])
    expect(entries[1]?.previousHash).toBe(entries[0]?.hash)
  })
})

describe('transactions', () => {
  it.each(['database.modifyDocument', 'database.insertDocument', 'database.commitTransaction'])(
    'get through a conflict at %s by running again',
    async (action) => {
      await open('a', 'b')
      cloud.fail(action, { code: 'DATABASE_TRANSACTION_CONFLICT', times: 3 })
      await cloud.as('buyer1').ok('demo/transfer', { from: 'a', to: 'b', amountFen: 30 })
      expect(await balances()).toEqual({ a: 70, b: 130 })
    },
  )

  it('refuse BUSY when conflicts do not end', async () => {
    await open('a', 'b')
    vi.spyOn(Math, 'random').mockReturnValue(0) // of the pauses between attempts, the shortest
    cloud.fail('database.commitTransaction', { code: 'DATABASE_TRANSACTION_CONFLICT', times: 100 })
    expect(await cloud.as('buyer1').refused('demo/transfer', { from: 'a', to: 'b', amountFen: 30 })).toBe(
      'BUSY',
    )
    expect(await balances()).toEqual({ a: 100, b: 100 })
  })

  it('keep the sum of all accounts, whatever is moved at the same time', async () => {
    const names = ['a', 'b', 'c', 'd']
    await open(...names)
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names), fc.integer({ min: 1, max: 60 })),
          {
            minLength: 8,
            maxLength: 24,
          },
        ),
        async (transfers) => {
          for (const name of names) await cloud.collection('accounts').set(name, { balanceFen: 100 })
          let moved: Record<string, number> = { a: 100, b: 100, c: 100, d: 100 }
          for (let i = 0; i < transfers.length; i += 8) {
            const batch = transfers.slice(i, i + 8).filter(([from, to]) => from !== to)
            const replies = await Promise.all(
              batch.map(([from, to, amountFen]) =>
                cloud.as('buyer1').call('demo/transfer', { from, to, amountFen }),
              ),
            )
            batch.forEach(([from, to, amountFen], at) => {
              if (replies[at]?.code !== 0) return
              moved = { ...moved, [from]: (moved[from] ?? 0) - amountFen }
              moved = { ...moved, [to]: (moved[to] ?? 0) + amountFen }
            })
          }
          expect(await balances()).toEqual(moved)
        },
      ),
      { numRuns: 15 },
    )
  })
})
