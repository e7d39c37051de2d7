import { beforeEach, describe, expect, it } from 'vitest'
import { type UnitCloud, unitCloud } from '../../../test/support/unit.ts'

const MINUTE_MS = 60_000

let cloud: UnitCloud
beforeEach(async () => {
  cloud = await unitCloud({
    functions: { demo: () => import('../pipeline.fixture.ts') },
    collections: ['accounts', 'receipts'],
  })
})

const echo = (text: string) => cloud.as('buyer1').call('demo/echo', { text })
const hours = () => cloud.collection('metric_hours').all()

describe('measurements', () => {
  it('are stored once a minute by the call that comes then, and cost the others nothing', async () => {
    await echo('one')
    await echo('a text that is far too long')
    await cloud.as('buyer1').call('demo/explode')
    expect(await hours()).toEqual([])
    await cloud.clock.advance(MINUTE_MS)
    await echo('two')
    expect(cloud.databaseCalls()).toBe(2) // the first of the hour has a document to make
    await echo('three')
    expect(cloud.databaseCalls()).toBe(0)
    expect(await hours()).toMatchObject([
      {
        _id: 'demo-2026-01-05T02',
        function: 'demo',
        routes: {
          echo: { calls: 3, refused: 1, failed: 0, databaseCalls: 0 },
          explode: { calls: 1, refused: 0, failed: 1 },
        },
      },
    ])
    await cloud.clock.advance(MINUTE_MS)
    await echo('four')
    expect(cloud.databaseCalls()).toBe(1)
    expect(await hours()).toMatchObject([{ routes: { echo: { calls: 5, latency: { le10: 5 } } } }])
  })

  it('of several instances add up, each under the hour in which it happened', async () => {
    await echo('one')
    await cloud.clock.advance(MINUTE_MS)
    await echo('two')
    cloud.restartFunctions()
    await echo('three')
    await cloud.clock.advance(60 * MINUTE_MS)
    await echo('four')
    await cloud.clock.advance(MINUTE_MS)
    await echo('five')
    expect(await hours()).toMatchObject([
      { _id: 'demo-2026-01-05T02', routes: { echo: { calls: 3 } } },
      { _id: 'demo-2026-01-05T03', routes: { echo: { calls: 2 } } },
    ])
  })

  it.each([
    ['the document was not there yet', 0],
    ['the document was there', 1],
  ])('are counted once though the reply to storing them was lost, when %s', async (_when, stored) => {
    for (let i = 0; i < stored; i++) {
      await echo('before')
      await cloud.clock.advance(MINUTE_MS)
      await echo('stores')
    }
    await echo('one')
    await cloud.clock.advance(MINUTE_MS)
    const failure = { code: 'DATABASE_REQUEST_FAILED', replyLost: true }
    cloud.fail(stored ? 'database.modifyDocument' : 'database.insertDocument', failure)
    expect(await echo('two')).toMatchObject({ code: 0 })
    await cloud.clock.advance(MINUTE_MS)
    await echo('three')
    await cloud.clock.advance(MINUTE_MS)
    await echo('four')
    expect(await hours()).toMatchObject([{ routes: { echo: { calls: stored * 2 + 4 } } }])
  })
})
