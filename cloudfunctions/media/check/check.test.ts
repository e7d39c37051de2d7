import { beforeEach, describe, expect, it } from 'vitest'
import { openStudio, type Studio } from '../upload.fixture.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

let studio: Studio
beforeEach(async () => {
  studio = await openStudio()
})

const media = (id: string) => studio.cloud.collection('media_files').get(id)
const state = async (id: string) => (await media(id))?.state

describe('a picture that is checked', () => {
  it.each([
    ['pass', 'clean'],
    ['review', 'review'],
    ['risky', 'rejected'],
  ])('is pending until WeChat says %s, then %s', async (suggest, expected) => {
    const { mediaId } = await studio.upload('buyer1', 'avatar')
    expect(await media(mediaId)).toMatchObject({ state: 'pending', checks: 1, traceId: expect.any(String) })
    expect(await studio.verdict(mediaId, suggest)).toBe('success')
    expect(await state(mediaId)).toBe(expected)
    await studio.verdict(mediaId, suggest === 'pass' ? 'risky' : 'pass')
    expect(await state(mediaId)).toBe(expected)
  })

  it('is not judged by a mini program, nor by a message with another number or another shape', async () => {
    const { mediaId } = await studio.upload('buyer1', 'avatar')
    const traceId = (await media(mediaId))?.traceId
    const forged = {
      MsgType: 'event',
      Event: 'wxa_media_check',
      trace_id: traceId,
      result: { suggest: 'pass', label: 100 },
    }
    expect(await studio.cloud.as('buyer1').send('media', forged)).toBe('success')
    await studio.verdict(mediaId, 'pass', { trace_id: 'another' })
    await studio.verdict(mediaId, 'pass', { trace_id: { $ne: null } })
    await studio.verdict(mediaId, 'excellent')
    expect(await state(mediaId)).toBe('pending')
  })

  it('is asked about again when WeChat could not be reached, gave no verdict, or could not look', async () => {
    studio.cloud.fail('openapi.security.mediaCheckAsync', { code: 'SYS_ERR', times: 3 })
    const { mediaId } = await studio.upload('buyer1', 'avatar')
    expect(await media(mediaId)).toMatchObject({ state: 'pending', traceId: null })
    await studio.cloud.clock.advance(2 * MINUTE_MS)
    await studio.job('media-checks')
    expect(await media(mediaId)).toMatchObject({ checks: 2, traceId: expect.any(String) })
    await studio.verdict(mediaId, 'pass', { errcode: -1008 })
    await studio.job('media-checks')
    expect(await media(mediaId)).toMatchObject({ state: 'pending', checks: 3 })
    await studio.cloud.clock.advance(36 * MINUTE_MS)
    await studio.job('media-checks')
    expect(await media(mediaId)).toMatchObject({ state: 'review', checkAtMs: null })
  })

  it('that was rejected cannot be used any more and goes after a week, used or not', async () => {
    const { mediaId, fileId } = await studio.upload('buyer1', 'avatar')
    expect(await studio.attach('buyer1', fileId, 'user/1', 'avatar')).toBeUndefined()
    await studio.verdict(mediaId, 'risky')
    expect(await studio.attach('buyer1', fileId, 'user/2', 'avatar')).toBe('MEDIA_STATE')
    await studio.cloud.clock.advance(6 * DAY_MS)
    await studio.job('cleaning')
    expect(await studio.isThere(fileId)).toBe(true)
    await studio.cloud.clock.advance(2 * DAY_MS)
    await studio.job('cleaning')
    expect([await studio.isThere(fileId), await media(mediaId)]).toEqual([false, undefined])
  })
})

describe('media/reviewQueue and media/judge', () => {
  it('let a moderator decide, and write it down', async () => {
    const { mediaId } = await studio.upload('buyer1', 'avatar')
    await studio.verdict(mediaId, 'review')
    const queue = await studio.cloud.as('admin').ok<{ items: object[] }>('media/reviewQueue')
    expect(queue.items).toMatchObject([{ mediaId, userId: studio.cloud.openid('buyer1'), state: 'review' }])
    await studio.cloud.as('admin').ok('media/judge', { mediaId, verdict: 'rejected' })
    await studio.cloud.as('admin').ok('media/judge', { mediaId, verdict: 'rejected' })
    expect(await state(mediaId)).toBe('rejected')
    await studio.cloud.as('admin').ok('media/judge', { mediaId, verdict: 'clean' })
    expect(await state(mediaId)).toBe('clean')
    const actions = (await studio.cloud.collection('audit_entries').all()).map(({ action }) => action)
    expect(actions).toContain('media.judge')
  })

  it('refuse what is not there or not uploaded yet', async () => {
    const { mediaId } = await studio.grant('buyer1')
    const judge = (id: string) =>
      studio.cloud.as('admin').refused('media/judge', { mediaId: id, verdict: 'clean' })
    expect(await judge(mediaId)).toBe('MEDIA_STATE')
    expect(await judge('med_none')).toBe('NOT_FOUND')
  })
})
