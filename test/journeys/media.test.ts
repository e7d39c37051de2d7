/** A picture's way from the phone into a post, and what keeps others out: rules of the storage, content, WeChat's verdict. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LiveCloud, liveCloud } from '../support/live.ts'
import { loadWxCloud, type WxCloud } from './wx-cloud.ts'

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const HOUR_MS = 3_600_000

interface Stored {
  mediaId: string
  fileId: string
  state: string
  type: string
}

let cloud: LiveCloud
let phone: WxCloud
let stranger: WxCloud

beforeAll(async () => {
  cloud = await liveCloud()
  for (const name of ['author1', 'buyer1']) await cloud.as(name).ok('user/login')
  phone = await loadWxCloud(cloud.emulator.url, 'author1')
  stranger = await loadWxCloud(cloud.emulator.url, 'buyer1')
  await cloud.control('PUT', 'message-push', {
    rules: [{ msgType: 'event', event: 'wxa_media_check', functionName: 'media' }],
  })
})
afterAll(() => cloud.stop())

const upload = (of: WxCloud, cloudPath: string, content = PNG) =>
  of.uploadFile({ cloudPath, filePath: new Blob([new Uint8Array(content)]) })

async function grant(policy: string): Promise<{ mediaId: string; cloudPath: string }> {
  const input = { policy, files: [{ type: 'image/png', bytes: PNG.length }] }
  const { files } = await cloud
    .as('author1')
    .ok<{ files: { mediaId: string; cloudPath: string }[] }>('media/grant', input)
  return files[0] ?? { mediaId: '', cloudPath: '' }
}

const confirm = (mediaId: string) => cloud.as('author1').ok<Stored>('media/confirm', { mediaId })
const mine = async (mediaId: string) => {
  const { items } = await cloud.as('author1').ok<{ items: Stored[] }>('media/mine')
  return items.find((one) => one.mediaId === mediaId)
}
const urlFor = async (name: string, fileId: string) => {
  const { files } = await cloud
    .as(name)
    .ok<{ files: { url: string | null }[] }>('media/urls', { fileIds: [fileId] })
  return files[0]?.url ?? null
}

describe('a picture', () => {
  it('goes up to the granted path, is confirmed by its content, and can be seen by others', async () => {
    const { mediaId, cloudPath } = await grant('post')
    await upload(phone, cloudPath)
    const { fileId } = await confirm(mediaId)
    const url = await urlFor('buyer1', fileId)
    expect(url).not.toBeNull()
    const seen = await fetch(String(url))
    expect(seen.headers.get('content-type')).toBe('image/png')
    expect(Buffer.from(await seen.arrayBuffer()).equals(PNG)).toBe(true)
  })

  it('cannot be put where no grant leads, exchanged afterwards, or looked at before', async () => {
    const denied = { errCode: -503002 }
    for (const path of ['media/post/a.png', 'products/1.png', 'backups/a.jsonl', 'a.png']) {
      await expect(upload(phone, path)).rejects.toMatchObject(denied)
    }
    const { mediaId, cloudPath } = await grant('post')
    const { fileID } = await upload(phone, cloudPath)
    await expect(upload(stranger, cloudPath)).rejects.toMatchObject(denied)
    await expect(stranger.downloadFile({ fileID })).rejects.toMatchObject({ errCode: expect.any(Number) })
    const { fileId } = await confirm(mediaId)
    const path = fileId.replace(/^cloud:\/\/[^/]+\//, '')
    await expect(upload(phone, path, Buffer.from('something else'))).rejects.toMatchObject(denied)
    expect(await phone.deleteFile({ fileList: [fileId] })).toMatchObject({ fileList: [{ status: -503002 }] })
    expect(await (await fetch(String(await urlFor('buyer1', fileId)))).arrayBuffer()).toHaveProperty(
      'byteLength',
      PNG.length,
    )
  })

  it('that is none is refused', async () => {
    const { mediaId, cloudPath } = await grant('post')
    expect(await cloud.as('author1').refused('media/confirm', { mediaId })).toBe('MEDIA_NOT_UPLOADED')
    await upload(phone, cloudPath, Buffer.from('<svg onload="alert(1)"/>'))
    expect(await cloud.as('author1').refused('media/confirm', { mediaId })).toBe('MEDIA_TYPE')
  })

  it('of oneself shows when WeChat has let it pass', async () => {
    const { mediaId, cloudPath } = await grant('avatar')
    await upload(phone, cloudPath)
    const { fileId, state } = await confirm(mediaId)
    expect(state).toBe('pending')
    expect(await urlFor('author1', fileId)).not.toBeNull()
    expect(await urlFor('buyer1', fileId)).toBeNull()
    await cloud.emulator.clock.advance(3_000)
    await expect.poll(async () => (await mine(mediaId))?.state).toBe('clean')
    expect(await urlFor('buyer1', fileId)).not.toBeNull()
  })

  it('that nobody uses is gone after a day, and so is an upload that was not confirmed', async () => {
    const { mediaId, cloudPath } = await grant('attachment')
    await upload(phone, cloudPath)
    const { fileId } = await confirm(mediaId)
    const open = await grant('attachment')
    const { fileID } = await upload(phone, open.cloudPath)
    const files = cloud.collection('media_files')
    for (const id of [mediaId, open.mediaId])
      await files.set(id, { sweepAtMs: cloud.emulator.clock.nowMs() - HOUR_MS })
    await cloud.as('admin').ok('scheduler/run', { job: 'cleaning' })
    expect([await files.get(mediaId), await files.get(open.mediaId)]).toEqual([undefined, undefined])
    const { fileList } = await phone.getTempFileURL({ fileList: [fileId, fileID] })
    expect(fileList.map(({ tempFileURL }) => tempFileURL)).toEqual(['', ''])
  })
})
