import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type UnitCloud, unitCloud } from '../../test/support/unit.ts'
import type { Context, Tx } from './index.ts'

let cloud: UnitCloud
let kernel: typeof import('./probe.fixture.ts')

beforeEach(async () => {
  cloud = await unitCloud({
    functions: { probe: () => import('./probe.fixture.ts') },
    collections: ['notes'],
  })
  kernel = await import('./probe.fixture.ts')
  Object.assign(kernel.consumer, { seen: [], isBroken: false })
})

/** Runs `work` inside a function; its refusals come out as they are. */
async function within<R>(work: (ctx: Context) => Promise<R>): Promise<R> {
  let result: { value: R } | undefined
  kernel.probe.run = async (ctx) => {
    result = { value: await work(ctx) }
  }
  await cloud.asPlatform('probe', {})
  if (!result) throw new Error('the probe did not run')
  return result.value
}

describe('database access', () => {
  it('replaces nested objects whole and removes fields that are set to undefined', async () => {
    await within(async (ctx) => {
      await ctx.db.insert(kernel.notes, { _id: 'n', rank: 1, tag: 'a', style: { color: 'red', size: 'xl' } })
      await ctx.db.update(kernel.notes, 'n', { style: { color: 'blue' }, tag: undefined })
    })
    expect(await cloud.collection('notes').get('n')).toEqual({ _id: 'n', rank: 1, style: { color: 'blue' } })
  })

  it('putIf writes the whole document, or refuses STALE', async () => {
    await cloud.collection('notes').insert({ _id: 'n', rank: 1, tag: 'a' })
    await within((ctx) => ctx.db.putIf(kernel.notes, { _id: 'n', rank: 2 }, { rank: 1, tag: 'a' }))
    expect(await cloud.collection('notes').get('n')).toEqual({ _id: 'n', rank: 2 })
    const stale = within((ctx) => ctx.db.putIf(kernel.notes, { _id: 'n', rank: 3 }, { rank: 1 }))
    await expect(stale).rejects.toMatchObject({ error: 'STALE' })
  })

  it('putIf takes an expected undefined for "has no such field"', async () => {
    await cloud.collection('notes').insert({ _id: 'n', rank: 1 })
    await within((ctx) => ctx.db.putIf(kernel.notes, { _id: 'n', rank: 2, tag: 'b' }, { tag: undefined }))
    const stale = within((ctx) => ctx.db.putIf(kernel.notes, { _id: 'n', rank: 3 }, { tag: undefined }))
    await expect(stale).rejects.toMatchObject({ error: 'STALE' })
  })

  it('updateIf lets exactly as many of 50 takers through as there is stock', async () => {
    await cloud.collection('notes').insert({ _id: 'n', rank: 7 })
    const takers = await within((ctx) =>
      Promise.all(
        Array.from({ length: 50 }, () =>
          ctx.db.updateIf(
            kernel.notes,
            'n',
            { rank: kernel.command.gte(1) },
            { rank: kernel.command.inc(-1) },
          ),
        ),
      ),
    )
    expect(takers.filter((taken) => taken)).toHaveLength(7)
    expect(await cloud.collection('notes').get('n')).toMatchObject({ rank: 0 })
  })

  it('updateAndReturn gives the document as it is afterwards, and nothing when none meets the condition', async () => {
    await cloud.collection('notes').insert({ _id: 'n', rank: 1 })
    const [met, unmet] = await within(async (ctx) => [
      await ctx.db.updateAndReturn(kernel.notes, { _id: 'n', rank: 1 }, { rank: kernel.command.inc(1) }),
      await ctx.db.updateAndReturn(kernel.notes, { _id: 'n', rank: 1 }, { rank: kernel.command.inc(1) }),
    ])
    expect(met).toEqual({ _id: 'n', rank: 2 })
    expect(unmet).toBeUndefined()
  })

  it('insertIfAbsent says whether it was the first', async () => {
    const insert = (ctx: Context) => ctx.db.insertIfAbsent(kernel.notes, { _id: 'n', rank: 1 })
    expect(await within(insert)).toBe(true)
    expect(await within(insert)).toBe(false)
  })

  it('a document that does not have the shape of its collection is a fault that names it', async () => {
    await cloud.collection('notes').insert({ _id: 'n', rank: 'first' })
    await expect(within((ctx) => ctx.db.find(kernel.notes, 'n'))).rejects.toThrow('notes/n')
  })
})

describe('pages', () => {
  it.each(['asc', 'desc'] as const)(
    'neither repeat nor lose anything among equal values, %s',
    async (direction) => {
      const ranks = [3, 1, 2, 2, 2, 1, 3, 2]
      await cloud.collection('notes').insert(...ranks.map((rank, i) => ({ _id: `n${i}`, rank, tag: 'x' })))
      const seen: string[] = []
      let cursor: string | undefined
      do {
        const request = {
          where: { tag: 'x' },
          orderBy: ['rank', direction] as ['rank', 'asc' | 'desc'],
          cursor,
          size: 3,
        }
        const page = await within((ctx) => ctx.db.page(kernel.notes, request))
        seen.push(...page.items.map(({ rank, _id }) => `${rank}${_id}`))
        cursor = page.nextCursor ?? undefined
      } while (cursor)
      const sorted = ranks.map((rank, i) => `${rank}n${i}`).sort()
      expect(seen).toEqual(direction === 'asc' ? sorted : sorted.reverse())
    },
  )

  it.each([
    'nonsense',
    Buffer.from('[1]').toString('base64url'),
    Buffer.from('[{},"a"]').toString('base64url'),
  ])('refuse the cursor %s', async (cursor) => {
    const page = within((ctx) => ctx.db.page(kernel.notes, { orderBy: ['rank', 'asc'], cursor, size: 3 }))
    await expect(page).rejects.toMatchObject({ error: 'INVALID_INPUT' })
  })
})

describe('a transaction', () => {
  it('offers no operation that the SDK would run outside of it', () => {
    const tx = {} as Tx
    // @ts-expect-error a query is not part of a transaction
    expect(tx.query).toBeUndefined()
    // @ts-expect-error neither is a conditional update
    expect(tx.updateIf).toBeUndefined()
    // @ts-expect-error nor one of many documents
    expect(tx.updateMany).toBeUndefined()
    // @ts-expect-error nor a count
    expect(tx.count).toBeUndefined()
    // @ts-expect-error nor an aggregation
    expect(tx.aggregate).toBeUndefined()
  })

  it('putIf refuses STALE and rolls everything back', async () => {
    await cloud.collection('notes').insert({ _id: 'a', rank: 1 }, { _id: 'b', rank: 1 })
    const stale = within((ctx) =>
      ctx.transaction(async (tx) => {
        await tx.put(kernel.notes, { _id: 'a', rank: 9 })
        await tx.putIf(kernel.notes, { _id: 'b', rank: 9 }, { rank: 2 })
      }),
    )
    await expect(stale).rejects.toMatchObject({ error: 'STALE' })
    expect(await cloud.collection('notes').all()).toEqual([
      { _id: 'a', rank: 1 },
      { _id: 'b', rank: 1 },
    ])
  })

  it('update refuses NOT_FOUND, but not for a change that changes nothing', async () => {
    await cloud.collection('notes').insert({ _id: 'a', rank: 1 })
    await within((ctx) => ctx.transaction((tx) => tx.update(kernel.notes, 'a', { rank: 1 })))
    const missing = within((ctx) => ctx.transaction((tx) => tx.update(kernel.notes, 'z', { rank: 1 })))
    await expect(missing).rejects.toMatchObject({ error: 'NOT_FOUND' })
  })

  it('remembers what it read, so that putIf costs no second read', async () => {
    await cloud.collection('notes').insert({ _id: 'a', rank: 1 })
    await within((ctx) =>
      ctx.transaction(async (tx) => {
        const note = await tx.get(kernel.notes, 'a')
        await tx.putIf(kernel.notes, { ...note, rank: 2 }, { rank: 1 })
      }),
    )
    expect(cloud.databaseCalls()).toBe(4)
  })
})

describe('the outbox', () => {
  const note = (ctx: Context) => ctx.transaction((tx) => tx.emit(kernel.noted, { noteId: 'n' }))
  const sweep = () => within((ctx) => kernel.sweepOutbox(ctx, 10))
  const status = async () => (await cloud.collection('outbox').all()).map((event) => event.status)

  it('is swept of what a crash between commit and delivery left', async () => {
    cloud.fail('database.commitTransaction', { code: 'DATABASE_REQUEST_FAILED', replyLost: true })
    await expect(within(note)).rejects.toBeTruthy()
    expect(await status()).toEqual(['pending'])
    expect(await sweep()).toEqual({ done: 0, pending: 0, dead: 0 })
    await cloud.clock.advance(60_000)
    expect(await sweep()).toEqual({ done: 1, pending: 0, dead: 0 })
    expect(kernel.consumer.seen).toHaveLength(1)
    expect(await sweep()).toEqual({ done: 0, pending: 0, dead: 0 })
  })

  it('tries again ever more rarely, gives up at last, and an operator can revive what died', async () => {
    kernel.consumer.isBroken = true
    await within(note)
    for (let attempt = 2; attempt <= 10; attempt++) {
      expect(await sweep()).toEqual({ done: 0, pending: 0, dead: 0 })
      await cloud.clock.advance(6 * 3_600_000)
      expect(await sweep()).toMatchObject(attempt < 10 ? { pending: 1 } : { dead: 1 })
    }
    await cloud.clock.advance(7 * 24 * 3_600_000)
    expect(await sweep()).toEqual({ done: 0, pending: 0, dead: 0 })

    kernel.consumer.isBroken = false
    const [event] = await cloud.collection('outbox').all()
    await within((ctx) => kernel.replayDeadEvent(ctx, String(event?._id)))
    expect(await sweep()).toMatchObject({ done: 1 })
    await expect(within((ctx) => kernel.replayDeadEvent(ctx, 'evt_unknown'))).rejects.toMatchObject({
      error: 'NOT_FOUND',
    })
  })

  it('is cleaned of what is done and old', async () => {
    await within(note)
    expect(await within((ctx) => kernel.cleanExpired(ctx, 10))).toBe(0)
    await cloud.clock.advance(7 * 24 * 3_600_000)
    expect(await within((ctx) => kernel.cleanExpired(ctx, 10))).toBe(1)
    expect(await status()).toEqual([])
  })
})

describe('a cache', () => {
  it('loads once for many at the same time, and again when the value is too old', async () => {
    let loads = 0
    const cache = kernel.defineCache<number>({ name: 'numbers', ttlMs: 1_000, max: 10 })
    const load = async () => ++loads
    expect(
      await within((ctx) => Promise.all([cache.get(ctx, 'a', load), cache.get(ctx, 'a', load)])),
    ).toEqual([1, 1])
    await cloud.clock.advance(999)
    expect(await within((ctx) => cache.get(ctx, 'a', load))).toBe(1)
    await cloud.clock.advance(1)
    expect(await within((ctx) => cache.get(ctx, 'a', load))).toBe(2)
  })

  it('does not keep a failed load', async () => {
    const cache = kernel.defineCache<number>({ name: 'numbers', ttlMs: 1_000, max: 10 })
    const fail = async () => Promise.reject(new Error('down'))
    await expect(within((ctx) => cache.get(ctx, 'a', fail))).rejects.toThrow('down')
    expect(await within((ctx) => cache.get(ctx, 'a', async () => 1))).toBe(1)
  })

  it('that is shared learns of an invalidation elsewhere within its interval', async () => {
    const cache = kernel.defineCache<string>({ name: 'shared', ttlMs: 3_600_000, max: 10, shared: true })
    const read = (value: string) => within((ctx) => cache.get(ctx, 'a', async () => value))
    await read('old')
    await cloud.clock.advance(15_000)
    expect(await read('old')).toBe('old')
    // Another instance forgets the key, and tells.
    await within((ctx) =>
      kernel.defineCache({ name: 'shared', ttlMs: 1, max: 1, shared: true }).invalidate(ctx, 'a'),
    )
    expect(await read('still old')).toBe('old')
    await cloud.clock.advance(15_000)
    expect(await read('new')).toBe('new')
  })
})

describe('a lease', () => {
  const hour = 3_600_000

  it('lets one in at a time and is given back', async () => {
    const [outer, inner] = await within(async (ctx) => {
      const held = await kernel.withLease(ctx, 'job', hour, () =>
        kernel.withLease(ctx, 'job', hour, async () => 'in'),
      )
      return [held.held, held.held ? held.value : undefined]
    })
    expect(outer).toBe(true)
    expect(inner).toEqual({ held: false })
    expect(await within((ctx) => kernel.withLease(ctx, 'job', hour, async () => 'in'))).toEqual({
      held: true,
      value: 'in',
    })
  })

  it('is given back by failed work, and ends by itself after a crash', async () => {
    const fail = async () => Promise.reject(new Error('work failed'))
    await expect(within((ctx) => kernel.withLease(ctx, 'job', hour, fail))).rejects.toThrow('work failed')
    cloud.fail('database.modifyDocument', { code: 'DATABASE_REQUEST_FAILED', after: 1 })
    await expect(within((ctx) => kernel.withLease(ctx, 'job', hour, async () => 'in'))).rejects.toBeTruthy()
    const again = () => within((ctx) => kernel.withLease(ctx, 'job', hour, async () => 'in'))
    expect(await again()).toEqual({ held: false })
    await cloud.clock.advance(hour)
    expect(await again()).toEqual({ held: true, value: 'in' })
  })
})

describe('the audit chain', () => {
  const act = (n: number) =>
    within((ctx) =>
      ctx.transaction((tx) => tx.audit({ action: 'act', subject: `s${n}`, details: { b: n, a: [1] } })),
    )
  const verify = () => within((ctx) => kernel.verifyAuditChain(ctx, 'probe'))

  it('verifies when nobody touched it, entries written at the same time included', async () => {
    await act(1)
    await Promise.all([act(2), act(3)].map((run) => run.catch(() => undefined)))
    const entries = await cloud.collection('audit_entries').all()
    expect(await verify()).toEqual({ verified: entries.length, brokenAt: null })
  })

  it('shows a changed entry and a removed end', async () => {
    for (const n of [1, 2, 3]) await act(n)
    const entries = await cloud.collection('audit_entries').all()
    await cloud.collection('audit_entries').set(String(entries[1]?._id), { subject: 'somebody else' })
    expect(await verify()).toEqual({ verified: 1, brokenAt: 2 })
    await cloud.collection('audit_entries').set(String(entries[1]?._id), { subject: 's2' })
    expect(await verify()).toEqual({ verified: 3, brokenAt: null })
    await cloud.collection('audit_entries').remove(String(entries[2]?._id))
    expect(await verify()).toEqual({ verified: 2, brokenAt: 3 })
  })
})

describe('a call to the outside', () => {
  // Retries wait a while for the service: here their timers come at once.
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }).setTimerTickMode('nextTimerAsync')
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('is tried again when no answer came', async () => {
    let tries = 0
    const flaky = async () => {
      tries += 1
      if (tries < 3) throw new Error('ECONNRESET')
      return 'answer'
    }
    expect(await kernel.callOutside('flaky', flaky)).toBe('answer')
  })

  it('passes an answer of the service on at once, whatever it says', async () => {
    let tries = 0
    const refusing = async () => {
      tries += 1
      throw Object.assign(new Error('user refuse to accept the msg'), { errCode: 43101 })
    }
    await expect(kernel.callOutside('refusing', refusing)).rejects.toMatchObject({ errCode: 43101 })
    expect(tries).toBe(1)
  })

  it('stops asking a service that does not answer', async () => {
    let tries = 0
    const dead = async () => {
      tries += 1
      throw new Error('ECONNREFUSED')
    }
    for (let i = 0; i < 3; i++) {
      await expect(kernel.callOutside('dead', dead)).rejects.toMatchObject({ error: 'UPSTREAM_FAILED' })
    }
    expect(tries).toBe(5)
  })
})

describe('a snapshot', () => {
  it('shows many documents as they were at its first read, whoever writes meanwhile', async () => {
    await cloud
      .collection('notes')
      .insert({ _id: 'a', rank: 1 }, { _id: 'b', rank: 1 }, { _id: 'c', rank: 1 })
    const seen = await within((ctx) =>
      ctx.snapshot(async (snapshot) => {
        const first = await snapshot.after(kernel.notes, '', 2)
        await cloud.collection('notes').set('c', { rank: 2 })
        await cloud.collection('notes').insert({ _id: 'd', rank: 2 })
        return [...first, ...(await snapshot.after(kernel.notes, 'b', 10))]
      }),
    )
    expect(seen.map(({ _id, rank }) => `${_id}${rank}`)).toEqual(['a1', 'b1', 'c1'])
    expect(cloud.databaseCalls()).toBe(4)
  })
})

describe('insertMany', () => {
  it('writes documents with one request', async () => {
    await within((ctx) =>
      ctx.db.insertMany(kernel.notes, [
        { _id: 'a', rank: 1 },
        { _id: 'b', rank: 2 },
      ]),
    )
    expect(await cloud.collection('notes').all()).toEqual([
      { _id: 'a', rank: 1 },
      { _id: 'b', rank: 2 },
    ])
    expect(cloud.databaseCalls()).toBe(1)
  })
})

describe('a page with what belongs to it', () => {
  it('brings the documents of another collection along, page by page, with one request each', async () => {
    await cloud
      .collection('notes')
      .insert(
        { _id: 'a', rank: 1 },
        { _id: 'b', rank: 2 },
        { _id: 'c', rank: 3 },
        { _id: 'of-b', rank: 90 },
        { _id: 'of-c', rank: 91 },
      )
    const pageAfter = (cursor?: string) =>
      within((ctx) =>
        ctx.db.pageJoined(kernel.notes, {
          where: { rank: kernel.command.lt(90) },
          orderBy: ['rank', 'desc'],
          cursor,
          size: 2,
          join: { from: kernel.notes, ids: [{ $concat: ['of-', '$_id'] }, 'nowhere'] },
        }),
      )
    const first = await pageAfter()
    expect(cloud.databaseCalls()).toBe(1)
    expect(first.items).toEqual([
      { item: { _id: 'c', rank: 3 }, joined: [{ _id: 'of-c', rank: 91 }] },
      { item: { _id: 'b', rank: 2 }, joined: [{ _id: 'of-b', rank: 90 }] },
    ])
    expect(await pageAfter(first.nextCursor ?? '')).toEqual({
      items: [{ item: { _id: 'a', rank: 1 }, joined: [] }],
      nextCursor: null,
    })
  })
})
