/** Files of a form: who may hand them in, who may open them, how long they stay. */
import { beforeEach, describe, expect, it } from 'vitest'
import { openStudio, type Studio } from '../media/upload.fixture.ts'
import { approveNode, inRow, type Office, openOffice } from './office.fixture.ts'

const DAY_MS = 86_400_000

let studio: Studio
let office: Office
beforeEach(async () => {
  studio = await openStudio({ privacy: () => import('./privacy.fixture.ts') })
  office = await openOffice(studio.cloud)
  const content = inRow(approveNode('a', [office.id('lead')], ''))
  const papers = { name: 'papers', title: '票据', kind: 'files' as const }
  await office.publish('expense', { ...content, fields: [papers] })
})

const paperOf = async (name: string) => (await studio.upload(name, 'attachment')).fileId
const open = async (name: string, instanceId: string) =>
  (await studio.cloud.as(name).ok<{ papers: object[] }>('approval/detail', { instanceId })).papers
const later = async () => {
  await studio.cloud.clock.advance(2 * DAY_MS)
  await studio.job('cleaning')
}

describe('files of an approval', () => {
  it('are opened by whoever takes part, and stay, also those of an earlier form', async () => {
    const first = await paperOf('worker')
    const instanceId = await office.start('expense', { papers: [first] })
    expect(await open('lead', instanceId)).toEqual([{ fileId: first, url: expect.stringContaining('http') }])
    await office.act('lead', 'sendBack', instanceId, { toNode: 'start' })
    const second = await paperOf('worker')
    await office.act('worker', 'resubmit', instanceId, { form: { papers: [second] } })
    await later()
    expect(await open('lead', instanceId)).toEqual([{ fileId: second, url: expect.stringContaining('http') }])
    expect(await studio.isThere(first)).toBe(true)
  })

  it('are the initiator’s own, and uploaded for this', async () => {
    const files = [
      await paperOf('clerk'),
      (await studio.upload('worker', 'post')).fileId,
      'cloud://e.b/private/x',
    ]
    for (const file of files) {
      const input = { key: 'expense', form: { papers: [file] } }
      expect(await studio.cloud.as('worker').refused('approval/start', input)).toBe('NOT_FOUND')
    }
    expect(await studio.cloud.collection('approval_instances').all()).toEqual([])
  })

  it('go with the person who is erased', async () => {
    const file = await paperOf('worker')
    await office.start('expense', { papers: [file] })
    await studio.cloud.as('admin').ok('privacy/erase', { userId: office.id('worker') })
    await later()
    expect(await studio.isThere(file)).toBe(false)
  })
})
