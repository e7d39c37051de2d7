import { beforeEach, describe, expect, it } from 'vitest'
import { openStudio, type Stored, type Studio } from './upload.fixture.ts'

const DAY_MS = 24 * 3_600_000

let studio: Studio
let file: Stored
beforeEach(async () => {
  studio = await openStudio()
  file = await studio.upload('buyer1')
})

const media = () => studio.cloud.collection('media_files').get(file.mediaId)
async function later(): Promise<void> {
  await studio.cloud.clock.advance(2 * DAY_MS)
  await studio.job('cleaning')
}

describe('a file', () => {
  it('stays as long as anything uses it, however often that was said', async () => {
    for (const subject of ['post/1', 'post/1', 'post/2']) await studio.attach('buyer1', file.fileId, subject)
    expect(await media()).toMatchObject({ refs: { length: 2 } })
    await later()
    await studio.detach(file.fileId, 'post/1')
    await studio.detach(file.fileId, 'post/1')
    await later()
    expect(await studio.isThere(file.fileId)).toBe(true)
    await studio.detach(file.fileId, 'post/2')
    await studio.job('cleaning')
    expect(await studio.isThere(file.fileId)).toBe(true)
    await later()
    expect(await studio.isThere(file.fileId)).toBe(false)
    expect(await media()).toBeUndefined()
  })

  it('goes a day after its upload when nothing began to use it', async () => {
    await later()
    expect(await studio.isThere(file.fileId)).toBe(false)
    expect(await studio.attach('buyer1', file.fileId, 'post/1')).toBe('NOT_FOUND')
  })

  it('is not used by others, for other things, or when it did not come this way', async () => {
    expect(await studio.attach('buyer2', file.fileId, 'post/1')).toBe('NOT_FOUND')
    expect(await studio.attach('buyer1', file.fileId, 'post/1', 'avatar')).toBe('NOT_FOUND')
    expect(await studio.attach('buyer1', 'cloud://local.any/products/1.png', 'post/1')).toBe('NOT_FOUND')
    const forged = file.fileId.replace(/[0-9a-f]{16}/, '0'.repeat(16))
    expect(await studio.attach('buyer1', forged, 'post/1')).toBe('NOT_FOUND')
    expect(await media()).toMatchObject({ refs: [] })
  })

  it('is either used or removed when both are asked for at the same moment', async () => {
    const [attached, removed] = await Promise.all([
      studio.attach('buyer1', file.fileId, 'post/1'),
      studio.cloud.as('buyer1').call('media/remove', { mediaId: file.mediaId }),
    ])
    expect([attached === undefined, removed.code === 0].sort()).toEqual([false, true])
    expect(await studio.isThere(file.fileId)).toBe(attached === undefined)
  })

  it('no longer says whose it was when its owner is deleted, and goes unless it is part of something', async () => {
    const other = await studio.upload('buyer1')
    await studio.attach('buyer1', file.fileId, 'post/1')
    await studio.cloud.as('buyer1').ok('user/login')
    await studio.cloud.as('buyer1').ok('user/deleteAccount', { confirm: true })
    await studio.job('cleaning')
    expect(await media()).toMatchObject({ _openid: '', state: 'clean' })
    expect(await studio.isThere(other.fileId)).toBe(false)
    expect(JSON.stringify(await studio.cloud.collection('media_files').all())).not.toContain(
      studio.cloud.openid('buyer1'),
    )
  })
})
