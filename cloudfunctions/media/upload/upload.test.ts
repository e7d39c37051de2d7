import { beforeEach, describe, expect, it } from 'vitest'
import { JPEG, openStudio, PNG, type Stored, type Studio } from '../upload.fixture.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

let studio: Studio
beforeEach(async () => {
  studio = await openStudio()
})

const files = (count: number, type = 'image/png', bytes = 100) =>
  Array.from({ length: count }, () => ({ type, bytes }))
const granted = () => studio.cloud.collection('media_files').all()

describe('media/grant', () => {
  it('gives each file a path of its own below incoming/, and the same ones for a repeat', async () => {
    const input = { policy: 'post', files: files(3) }
    const options = { requestId: 'request-1' }
    const first = await studio.cloud.as('buyer1').ok('media/grant', input, options)
    expect(studio.cloud.databaseCalls()).toBeLessThanOrEqual(10)
    expect(await studio.cloud.as('buyer1').ok('media/grant', input, options)).toEqual(first)
    expect(await granted()).toHaveLength(3)
    for (const { incomingPath } of await granted())
      expect(incomingPath).toMatch(/^incoming\/med_[0-9a-z]+\.png$/)
  })

  it.each([
    ['more files than the policy takes at once', { policy: 'avatar', files: files(2) }, 'INVALID_INPUT'],
    ['a type that it does not take', { policy: 'avatar', files: files(1, 'image/gif') }, 'MEDIA_TYPE'],
    ['a type that nobody may upload', { policy: 'post', files: files(1, 'image/svg+xml') }, 'INVALID_INPUT'],
    ['a file that is too large', { policy: 'avatar', files: files(1, 'image/png', 3e6) }, 'MEDIA_TOO_LARGE'],
    ['a purpose that needs a permission', { policy: 'product', files: files(1) }, 'FORBIDDEN'],
    ['a purpose that there is not', { policy: 'anything', files: files(1) }, 'INVALID_INPUT'],
  ])('refuses %s', async (_what, input, refusal) => {
    expect(await studio.cloud.as('buyer1').refused('media/grant', input)).toBe(refusal)
    expect(await granted()).toEqual([])
  })

  it('ends with the day’s number of files, also when asked for at the same time, and begins anew the next day', async () => {
    const ask = () => studio.cloud.as('buyer1').call('media/grant', { policy: 'avatar', files: files(1) })
    const replies = await Promise.all(Array.from({ length: 12 }, ask))
    expect(replies.filter(({ code }) => code === 0)).toHaveLength(10)
    expect(replies.filter((reply) => 'error' in reply && reply.error === 'MEDIA_QUOTA')).toHaveLength(2)
    await studio.cloud.clock.advance(DAY_MS)
    expect(await ask()).toMatchObject({ code: 0 })
  })
})

describe('media/confirm', () => {
  it('copies what was uploaded to where clients cannot write, under its real type', async () => {
    const { mediaId, cloudPath } = await studio.grant('buyer1', 'post', 'image/png')
    await studio.put(cloudPath, JPEG)
    const stored = await studio.cloud.as('buyer1').ok<Stored>('media/confirm', { mediaId })
    expect(stored).toMatchObject({ state: 'clean', type: 'image/jpeg', bytes: JPEG.length, uses: 0 })
    expect(stored.fileId).toMatch(
      new RegExp(`^cloud://local\\.[^/]+/media/post/${mediaId}-[0-9a-f]{16}\\.jpg$`),
    )
    expect(await studio.isThere(stored.fileId)).toBe(true)
    expect(await studio.isThere(cloudPath)).toBe(false)
    expect(await studio.cloud.as('buyer1').ok('media/confirm', { mediaId })).toEqual(stored)
    expect(studio.cloud.databaseCalls()).toBe(1)
  })

  it('refuses what was not uploaded, is something else, or is too large, and takes a better one afterwards', async () => {
    const { mediaId, cloudPath } = await studio.grant('buyer1')
    const refused = () => studio.cloud.as('buyer1').refused('media/confirm', { mediaId })
    expect(await refused()).toBe('MEDIA_NOT_UPLOADED')
    for (const content of ['<svg onload="alert(1)"/>', '<html>', 'GIF8', 'PK\x03\x04 no office file', '']) {
      await studio.put(cloudPath, Buffer.from(content || 'x', 'latin1'))
      expect(await refused()).toBe('MEDIA_TYPE')
    }
    await studio.put(cloudPath, Buffer.concat([PNG, Buffer.alloc(5 * 1024 * 1024)]))
    expect(await refused()).toBe('MEDIA_TOO_LARGE')
    await studio.put(cloudPath, PNG)
    expect(await studio.cloud.as('buyer1').ok('media/confirm', { mediaId })).toMatchObject({ state: 'clean' })
  })

  it('is for the owner, and for an hour', async () => {
    const { mediaId, cloudPath } = await studio.grant('buyer1')
    await studio.put(cloudPath, PNG)
    expect(await studio.cloud.as('buyer2').refused('media/confirm', { mediaId })).toBe('NOT_FOUND')
    await studio.cloud.clock.advance(HOUR_MS + 1)
    expect(await studio.cloud.as('buyer1').refused('media/confirm', { mediaId })).toBe('MEDIA_STATE')
  })

  it('stores one file when it is called several times at once', async () => {
    const { mediaId, cloudPath } = await studio.grant('buyer1')
    await studio.put(cloudPath, PNG)
    const confirm = () => studio.cloud.as('buyer1').call('media/confirm', { mediaId })
    await Promise.all([confirm(), confirm(), confirm()])
    const [media] = await granted()
    expect(media).toMatchObject({ state: 'clean', staged: [] })
    expect(await studio.isThere(String(media?.fileId))).toBe(true)
  })

  const deaths = ['getDocument', 'modifyDocument'].map((action) => `database.${action}`)
  deaths.push('storage.getUploadMetadata', 'storage.batchGetDownloadUrl', 'storage.batchDeleteFile')

  it.each(
    deaths.flatMap((action) =>
      [0, 1, 2].flatMap((after) => [false, true].map((replyLost) => ({ action, after, replyLost }))),
    ),
  )(
    'that dies after $after $action (reply lost: $replyLost) goes on when called again, and leaves nothing',
    async ({ action, ...failure }) => {
      const { mediaId, cloudPath } = await studio.grant('buyer1', 'attachment')
      await studio.put(cloudPath, PNG)
      studio.cloud.fail(action, { code: 'SYS_ERR', ...failure })
      const confirm = () => studio.cloud.as('buyer1').call<Stored>('media/confirm', { mediaId })
      await confirm()
      await confirm()
      // What has not failed by now fails once in one of the next steps.
      const insist = <T>(work: () => Promise<T>) => work().catch(work)
      const [media] = await granted()
      expect(media).toMatchObject({ state: 'clean', staged: [] })
      expect(await insist(() => studio.isThere(String(media?.fileId)))).toBe(true)
      for (const _time of ['first', 'again']) {
        await studio.cloud.clock.advance(2 * DAY_MS)
        await studio.cloud.as('admin').call('scheduler/run', { job: 'cleaning' })
      }
      expect(await granted()).toEqual([])
      expect(await insist(() => studio.isThere(String(media?.fileId)))).toBe(false)
      expect(await studio.isThere(cloudPath)).toBe(false)
    },
  )
})

describe('media/urls', () => {
  it('gives addresses of public files to everybody, of the others to their owner, in one request each', async () => {
    const shown = await studio.upload('buyer1', 'post')
    const pending = await studio.upload('buyer1', 'avatar')
    const hidden = await studio.upload('buyer1', 'attachment')
    const fileIds = [shown.fileId, pending.fileId, hidden.fileId, 'cloud://local.any/products/1.png']
    const urlsFor = async (name: string) => {
      const reply = await studio.cloud
        .as(name)
        .ok<{ files: { url: string | null }[] }>('media/urls', { fileIds })
      return reply.files.map(({ url }) => url !== null)
    }
    expect(await urlsFor('buyer1')).toEqual([true, true, true, false])
    expect(await urlsFor('buyer2')).toEqual([true, false, false, false])
    expect(studio.cloud.databaseCalls()).toBeLessThanOrEqual(4)
    expect(await urlsFor('admin')).toEqual([true, true, true, false])
  })

  it('takes 50 files at most', async () => {
    const fileIds = Array.from({ length: 51 }, (_, at) => `cloud://local.any/${at}`)
    expect(await studio.cloud.as('buyer1').refused('media/urls', { fileIds })).toBe('INVALID_INPUT')
  })
})

describe('media/mine and media/remove', () => {
  it('list and remove the own files only', async () => {
    const mine = await studio.upload('buyer1')
    await studio.upload('buyer2')
    const { items } = await studio.cloud.as('buyer1').ok<{ items: Stored[] }>('media/mine')
    expect(items).toEqual([mine])
    expect(JSON.stringify(items)).not.toContain('trace')
    const { mediaId } = mine
    expect(await studio.cloud.as('buyer2').refused('media/remove', { mediaId })).toBe('NOT_FOUND')
    await studio.attach('buyer1', mine.fileId, 'post/1')
    expect(await studio.cloud.as('buyer1').refused('media/remove', { mediaId })).toBe('MEDIA_IN_USE')
    await studio.detach(mine.fileId, 'post/1')
    await studio.cloud.as('buyer1').ok('media/remove', { mediaId })
    expect(await studio.isThere(mine.fileId)).toBe(false)
    expect(await studio.cloud.as('buyer1').refused('media/remove', { mediaId })).toBe('NOT_FOUND')
  })
})
