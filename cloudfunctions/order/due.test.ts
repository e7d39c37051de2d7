/** What time does to orders when one of them is at fault. */
import { expect, it } from 'vitest'
import { unitCloud } from '../../test/support/unit.ts'
import { openShop } from './shop.fixture.ts'

it('closes the other orders that are due when one is at fault, and the run is seen to have failed', async () => {
  const cloud = await unitCloud({ functions: { jobs: () => import('../payment/jobs.fixture.ts') } })
  const shop = await openShop(cloud)
  const orderIds = [await shop.order('buyer1'), await shop.order('buyer2')]
  await cloud.clock.advance(30 * 60_000)
  // Not a conflict, so it is not tried again: the first order that is due meets a fault.
  cloud.fail('database.commitTransaction', { code: 'SYS_ERR' })
  expect(await cloud.as('nobody').call('jobs/expire')).toMatchObject({ error: 'INTERNAL' })
  const stored = await Promise.all(orderIds.map((orderId) => cloud.collection('orders').get(orderId)))
  expect(stored.map((order) => order?.status).sort()).toEqual(['closed', 'unpaid'])
  expect(await cloud.as('nobody').ok('jobs/expire')).toEqual({ result: 1 })
})
