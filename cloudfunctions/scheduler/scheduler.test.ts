import { describe, expect, it, vi } from 'vitest'
import { type UnitCloud, unitCloud } from '../../test/support/unit.ts'
import { openShop } from '../order/shop.fixture.ts'
import { jobs } from './jobs.ts'
import { chinaDay, MINUTE_MS, nextDueMs } from './model.ts'

const jobsOfAMinute = jobs.filter(({ every }) => 'minutes' in every && every.minutes === 1).length

interface Jobs {
  items: {
    name: string
    dueAtMs: number
    outcome: string
    isRunning: boolean
    counts: Record<string, number>
  }[]
}
interface Runs {
  items: { job: string; outcome: string; trigger: string; counts: Record<string, number>; error?: string }[]
  nextCursor: string | null
}

const tick = (cloud: UnitCloud) =>
  cloud.asTimer('scheduler', 'everyMinute') as Promise<{ ran: Record<string, string> }>

async function jobOf(cloud: UnitCloud, name: string) {
  const { items } = await cloud.as('admin').ok<Jobs>('scheduler/jobs')
  return items.find((job) => job.name === name)
}

const deadEvent = (_id: string, dueAtMs: number) => ({
  _id,
  type: 'nobody.listens',
  payload: {},
  occurredAtMs: dueAtMs,
  traceId: 'trace-1',
  status: 'pending',
  doneBy: [],
  attempts: 0,
  dueAtMs,
})

describe('the timer', () => {
  it('runs every due job once a minute, and daily ones at their time of China', async () => {
    const cloud = await unitCloud()
    const { ran } = await tick(cloud)
    expect(ran).toMatchObject({
      'outbox-sweep': 'done',
      'expire-orders': 'done',
      'flash-sales': 'done',
      cleaning: 'done',
    })
    expect(ran).not.toHaveProperty('backup')
    expect((await tick(cloud)).ran).toEqual({})
    await cloud.clock.advance(MINUTE_MS)
    expect(Object.keys((await tick(cloud)).ran)).toHaveLength(jobsOfAMinute)
    const backup = await jobOf(cloud, 'backup')
    expect(new Date((backup?.dueAtMs ?? 0) + 8 * 3_600_000).toISOString()).toMatch(/T04:00:00/)
  })

  it('runs jobs at the first tick of all, though time goes on while it meets them', async () => {
    const cloud = await unitCloud()
    let nowMs = cloud.clock.nowMs()
    vi.stubGlobal(
      'Date',
      class extends Date {
        static override now = () => nowMs++
      },
    )
    const { ran } = await tick(cloud).finally(() => vi.unstubAllGlobals())
    expect(ran).toMatchObject({ 'outbox-sweep': 'done', 'confirm-orders': 'done' })
  })

  it('costs one database request for each job that finds nothing to do, two for two of them, and four of its own', async () => {
    const cloud = await unitCloud()
    for (let minute = 0; minute < 3; minute++) {
      await tick(cloud)
      await cloud.clock.advance(MINUTE_MS)
    }
    expect(cloud.databaseCalls()).toBe(jobsOfAMinute + 2 + 4)
  })

  it('writes down what a run did, and nothing about a run that found nothing', async () => {
    const cloud = await unitCloud()
    await cloud.collection('outbox').insert(deadEvent('evt_1', cloud.clock.nowMs()))
    await tick(cloud)
    const { items } = await cloud.as('admin').ok<Runs>('scheduler/runs')
    expect(items).toMatchObject([
      { job: 'outbox-sweep', outcome: 'done', trigger: 'timer', counts: { done: 1 } },
    ])
  })

  it('goes on with the other jobs when one fails, and runs that one again', async () => {
    const cloud = await unitCloud()
    await tick(cloud)
    await cloud.clock.advance(MINUTE_MS)
    // The second read of a tick is the first job's own.
    cloud.fail('database.getDocument', { code: 'DATABASE_REQUEST_FAILED', after: 1 })
    const { ran } = await tick(cloud)
    expect(Object.values(ran).filter((outcome) => outcome === 'failed')).toHaveLength(1)
    expect(Object.values(ran).filter((outcome) => outcome === 'done')).toHaveLength(jobsOfAMinute - 1)
    const { items } = await cloud.as('admin').ok<Runs>('scheduler/runs')
    expect(items).toMatchObject([{ outcome: 'failed', error: expect.any(String) }])
    await cloud.clock.advance(MINUTE_MS)
    expect(new Set(Object.values((await tick(cloud)).ran))).toEqual(new Set(['done']))
  })

  it('keeps a job that runs elsewhere to one run, and takes it over when it died', async () => {
    const cloud = await unitCloud()
    await tick(cloud)
    await cloud.clock.advance(MINUTE_MS)
    const nowMs = cloud.clock.nowMs()
    await cloud.collection('scheduler_jobs').set('outbox-sweep', { runningUntilMs: nowMs + MINUTE_MS })
    expect((await tick(cloud)).ran['outbox-sweep']).toBe('elsewhere')
    await cloud.clock.advance(2 * MINUTE_MS)
    expect((await tick(cloud)).ran['outbox-sweep']).toBe('done')
    const { items } = await cloud.as('admin').ok<Runs>('scheduler/runs', { job: 'outbox-sweep' })
    expect(items.map(({ outcome }) => outcome)).toEqual(['done', 'died'])
  })

  it('lets only one of two schedulers run a job', async () => {
    const cloud = await unitCloud()
    await tick(cloud)
    await cloud.clock.advance(MINUTE_MS)
    const [one, two] = await Promise.all([tick(cloud), tick(cloud)])
    for (const name of ['outbox-sweep', 'flash-sales', 'payment-sync']) {
      expect([one.ran[name], two.ran[name]].filter((outcome) => outcome === 'done')).toHaveLength(1)
    }
  })

  it('finds an order that was paid in its last minute paid, before it would close it', async () => {
    const cloud = await unitCloud()
    const orderId = await (await openShop(cloud)).order('buyer1')
    await cloud.as('buyer1').ok('payment/prepare', { orderId })
    for (let minute = 0; minute < 29; minute++) {
      await tick(cloud)
      await cloud.clock.advance(MINUTE_MS)
    }
    await cloud.wechat.control.payments.pay({ outTradeNo: orderId }, { callback: 'never' })
    await cloud.clock.advance(MINUTE_MS)
    await tick(cloud)
    expect(await cloud.collection('orders').get(orderId)).toMatchObject({ status: 'paid' })
    expect(await cloud.collection('refunds').all()).toEqual([])
  })

  it('cannot be fired by a client that forges its event', async () => {
    const cloud = await unitCloud()
    const reply = await cloud.as('buyer1').send('scheduler', { Type: 'Timer', TriggerName: 'everyMinute' })
    expect(reply).toMatchObject({ error: 'ROUTE_NOT_FOUND' })
    expect(await cloud.collection('scheduler_jobs').all()).toEqual([])
  })
})

describe('scheduler/jobs, runs and run', () => {
  it('runs a job now and writes it down, whatever it found', async () => {
    const cloud = await unitCloud()
    const reply = await cloud.as('admin').ok('scheduler/run', { job: 'expire-orders' })
    expect(reply).toMatchObject({ job: 'expire-orders', outcome: 'done', counts: { closed: 0 } })
    expect((await jobOf(cloud, 'expire-orders'))?.outcome).toBe('done')
    const { items } = await cloud.as('admin').ok<Runs>('scheduler/runs')
    expect(items).toMatchObject([{ job: 'expire-orders', trigger: 'operator' }])
    const audited = await cloud.collection('audit_entries').all()
    expect(audited).toMatchObject([{ action: 'scheduler.run', subject: 'expire-orders' }])
  })

  it('pages through the runs', async () => {
    const cloud = await unitCloud()
    for (let i = 0; i < 3; i++) {
      await cloud.as('admin').ok('scheduler/run', { job: 'cleaning' })
      await cloud.clock.advance(1)
    }
    const first = await cloud.as('admin').ok<Runs>('scheduler/runs', { size: 2 })
    const second = await cloud.as('admin').ok<Runs>('scheduler/runs', { size: 2, cursor: first.nextCursor })
    expect([first.items.length, second.items.length, second.nextCursor]).toEqual([2, 1, null])
  })

  it('refuses customers, unknown jobs and a job that runs', async () => {
    const cloud = await unitCloud()
    const buyer = cloud.as('buyer1')
    expect(await buyer.refused('scheduler/jobs')).toBe('FORBIDDEN')
    expect(await buyer.refused('scheduler/runs')).toBe('FORBIDDEN')
    expect(await buyer.refused('scheduler/run', { job: 'cleaning' })).toBe('FORBIDDEN')
    const admin = cloud.as('admin')
    expect(await admin.refused('scheduler/run', { job: 'toString' })).toBe('JOB_UNKNOWN')
    await admin.ok('scheduler/jobs')
    await cloud
      .collection('scheduler_jobs')
      .set('cleaning', { runningUntilMs: cloud.clock.nowMs() + MINUTE_MS })
    expect(await admin.refused('scheduler/run', { job: 'cleaning' })).toBe('JOB_RUNNING')
    expect((await jobOf(cloud, 'cleaning'))?.isRunning).toBe(true)
  })
})

describe('when a job is due', () => {
  it('is at the beginning of a minute, or at the next time of the day, or soon after a failure', () => {
    const at = Date.UTC(2026, 0, 5, 2, 0, 30)
    expect(nextDueMs({ minutes: 5 }, at, 'done')).toBe(Date.UTC(2026, 0, 5, 2, 5))
    const daily = { dailyAt: { hour: 10, minute: 30 } }
    expect(nextDueMs(daily, at, 'done')).toBe(Date.UTC(2026, 0, 5, 2, 30))
    expect(nextDueMs(daily, Date.UTC(2026, 0, 5, 2, 30), 'done')).toBe(Date.UTC(2026, 0, 6, 2, 30))
    expect(nextDueMs(daily, at, 'failed')).toBe(at + 10 * MINUTE_MS)
    expect(chinaDay(Date.UTC(2026, 0, 4, 16))).toBe('2026-01-05')
  })
})
