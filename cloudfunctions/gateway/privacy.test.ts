import { expect, it } from 'vitest'
import { unitCloud } from '../../test/support/unit.ts'
import { createPartner } from './partner.fixture.ts'

it('nothing tells of a person who asked to be forgotten, neither as a buyer nor as an operator', async () => {
  const cloud = await unitCloud()
  const buyer = cloud.openid('buyer1')
  await cloud.as('buyer1').ok('user/login')
  const { partnerId } = await createPartner(cloud)
  await cloud.collection('partners').set(partnerId, { createdBy: buyer })
  const delivery = {
    endpointId: 'whe_1',
    partnerId,
    stream: 'whs_1',
    eventId: 'evt_1',
    type: 'order.paid',
    occurredAtMs: 1,
    position: 1,
    status: 'delivered',
    attempts: 1,
    dueAtMs: 1,
    log: [],
    createdAtMs: 1,
  }
  await cloud
    .collection('webhook_deliveries')
    .insert({ ...delivery, _id: 'whd_1', payload: { userId: buyer } })
  await cloud
    .collection('webhook_deliveries')
    .insert({ ...delivery, _id: 'whd_2', payload: { userId: 'oOther' } })

  const shown = await cloud.as('admin').ok('ops/exportUser', { userId: buyer })
  expect(JSON.stringify(shown)).toContain('whd_1')
  await cloud.as('admin').ok('ops/eraseUser', { userId: buyer, confirm: 'erase this person' })
  expect(await cloud.collection('webhook_deliveries').all()).toMatchObject([{ _id: 'whd_2' }])
  expect(await cloud.collection('partners').get(partnerId)).toMatchObject({ createdBy: 'erased' })
})
