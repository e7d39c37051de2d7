import { expect, it } from 'vitest'
import { unitCloud } from '../../../test/support/unit.ts'

const DAY_MS = 86_400_000

it('removes messages after half a year, and no others', async () => {
  const cloud = await unitCloud()
  const nowMs = cloud.clock.nowMs()
  const message = (_id: string, createdAtMs: number) => ({
    ...{ _id, _openid: 'o1', userId: 'o1', code: 'order.paid', title: 't', body: 'b', page: 'p' },
    ...{ isRead: false, createdAtMs },
  })
  await cloud
    .collection('inbox_messages')
    .insert(message('msg_old', nowMs - 181 * DAY_MS), message('msg_new', nowMs - 179 * DAY_MS))
  await cloud.as('admin').ok('scheduler/run', { job: 'cleaning' })
  expect(await cloud.collection('inbox_messages').all()).toMatchObject([{ _id: 'msg_new' }])
})
