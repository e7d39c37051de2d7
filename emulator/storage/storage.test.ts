import { readdirSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import tcb from '@cloudbase/node-sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type StorageServer, startStorageServer } from './sdk-server.fixture.ts'

const idOf = (cloudPath: string) => `cloud://local.6c6f-local-1250000000/${cloudPath}`
const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')

describe('storage through wx-server-sdk', () => {
  let server: StorageServer
  beforeAll(async () => {
    server = await startStorageServer()
  })
  afterAll(() => server.close())
  const upload = (cloudPath: string, fileContent: Buffer) =>
    server.cloud.uploadFile({ cloudPath, fileContent })
  const download = async (fileID: string) => (await server.cloud.downloadFile({ fileID })).fileContent
  const tempUrl = async (fileID: string) => {
    const { fileList } = await server.cloud.getTempFileURL({ fileList: [fileID] })
    return String(fileList[0]?.tempFileURL)
  }

  it.each(['a.png', '图片/红 苹果 (1)+&=?.jpg', "it's/a@b;c,d!e*f:g|h", 'x'.repeat(850)])(
    'brings bytes there and back under the name %s',
    async (cloudPath) => {
      const content = Buffer.concat([PNG, Buffer.from(cloudPath)])
      const { fileID } = await upload(cloudPath, content)
      expect(fileID).toBe(idOf(cloudPath))
      expect(await download(fileID)).toEqual(content)
      expect(await download(fileID)).toEqual(content)
      // Also as a page uses it: without the SDK's own encoding on top.
      const response = await fetch(await tempUrl(fileID))
      expect(Buffer.from(await response.arrayBuffer())).toEqual(content)
    },
  )

  it('replaces what was there, and leaves one file on disk for it', async () => {
    const before = readdirSync(join(server.dir, 'objects')).length
    await upload('same.txt', Buffer.from('one'))
    const { fileID } = await upload('same.txt', Buffer.from('two'))
    expect((await download(fileID)).toString()).toBe('two')
    expect(readdirSync(join(server.dir, 'objects'))).toHaveLength(before + 1)
  })

  it('deletes files, and says which never were', async () => {
    const { fileID } = await upload('gone.txt', Buffer.from('x'))
    const fileList = [fileID, fileID, idOf('never.txt'), 'cloud://other.0000-other-1/a']
    const removed = await server.cloud.deleteFile({ fileList })
    expect(removed.fileList.map((file) => file.status)).toEqual([0, -503003, -503003, -503003])
    const { fileList: urls } = await server.cloud.getTempFileURL({ fileList: [fileID] })
    expect(urls[0]).toMatchObject({ status: -503003, tempFileURL: '' })
    await expect(server.cloud.downloadFile({ fileID })).rejects.toMatchObject({ errCode: -1 })
  })

  it.each([
    '',
    '/a',
    'a//b',
    '../secret',
    'a/../../b',
    'a/./b',
    'a%2e',
    'a#b',
    'a\\b',
    'a\u0000b',
    'x'.repeat(851),
  ])('refuses the path %j and writes nothing', async (cloudPath) => {
    const before = server.storage.list().length
    await expect(upload(cloudPath, PNG)).rejects.toMatchObject({
      errMsg: expect.stringContaining('invalid cloudPath'),
    })
    expect(server.storage.list()).toHaveLength(before)
  })

  it('takes at most 50 files per call', async () => {
    const fileList = Array.from({ length: 51 }, (_, n) => idOf(`${n}`))
    await expect(server.cloud.getTempFileURL({ fileList })).rejects.toMatchObject({ errCode: -1 })
    await expect(server.cloud.deleteFile({ fileList })).rejects.toMatchObject({ errCode: -1 })
  })

  it('finds a file by an id that was copied from a real environment', async () => {
    await upload('banner.png', PNG)
    expect(await download('cloud://shop-prod.7368-shop-prod-1300000000/banner.png')).toEqual(PNG)
  })

  it('keeps the last of many uploads at once, whole', async () => {
    const contents = Array.from({ length: 8 }, (_, n) => Buffer.alloc(100_000, n))
    await Promise.all(contents.map((content) => upload('raced.bin', content)))
    const stored = await download(idOf('raced.bin'))
    expect(contents.some((content) => content.equals(stored))).toBe(true)
  })

  it('serves type, range, etag and absence as object storage does', async () => {
    const url = await tempUrl((await upload('picture', Buffer.concat([PNG, Buffer.alloc(84)]))).fileID)
    const whole = await fetch(url)
    expect(whole.headers.get('content-type')).toBe('image/png')
    expect(whole.headers.get('content-security-policy')).toContain('sandbox')
    const part = await fetch(url, { headers: { range: 'bytes=1-3' } })
    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([
      206,
      'bytes 1-3/100',
      'PNG',
    ])
    expect((await fetch(url, { headers: { range: 'bytes=-4' } })).headers.get('content-range')).toBe(
      'bytes 96-99/100',
    )
    expect((await fetch(url, { headers: { range: 'bytes=100-' } })).status).toBe(416)
    const etag = String(whole.headers.get('etag'))
    expect((await fetch(url, { headers: { 'if-none-match': etag } })).status).toBe(304)
    const head = await fetch(url, { method: 'HEAD' })
    expect([head.headers.get('content-length'), await head.text()]).toEqual(['100', ''])
    const missing = await fetch(`${url}x`)
    expect([missing.status, await missing.text()]).toEqual([
      404,
      expect.stringContaining('<Code>NoSuchKey</Code>'),
    ])
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(405)
    expect((await fetch(`${server.baseUrl}/storage/other/picture`)).status).toBe(404)
  })
})

describe('an upload over HTTP', () => {
  let server: StorageServer
  beforeAll(async () => {
    server = await startStorageServer({ maxFileBytes: 1_000 })
  })
  afterAll(() => server.close())

  async function grantFor(path: string, openid?: string) {
    const { data } = (await server.storage.handle('storage.getUploadMetadata', { path }, { openid })) as {
      data: { url: string; authorization: string; token: string; cosFileId: string; fileId: string } // what it replies
    }
    const headers = {
      authorization: data.authorization,
      'x-cos-security-token': data.token,
      'x-cos-meta-fileid': data.cosFileId,
    }
    return { ...data, headers }
  }

  it('needs the headers that were issued for this very path', async () => {
    const a = await grantFor('a.txt')
    const b = await grantFor('b.txt')
    const put = async (url: string, headers: Record<string, string>) =>
      (await fetch(url, { method: 'PUT', headers, body: 'x' })).text()
    expect(await put(a.url, {})).toContain('SignatureDoesNotMatch')
    expect(await put(a.url, b.headers)).toContain('SignatureDoesNotMatch')
    expect(await put(a.url, { ...a.headers, 'x-cos-security-token': b.token })).toContain(
      'SignatureDoesNotMatch',
    )
    expect(await put(a.url.replace('a.txt', '..%2f..%2fa.txt'), a.headers)).toContain('SignatureDoesNotMatch')
    expect(server.storage.list()).toEqual([])
    expect(await put(a.url, a.headers)).toBe('')
    await server.clock.advance(15 * 60_000)
    expect(await put(b.url, b.headers)).toContain('RequestTimeTooSkewed')
  })

  it('remembers who uploaded', async () => {
    const grant = await grantFor('mine.txt', 'o-me')
    await fetch(grant.url, { method: 'PUT', headers: grant.headers, body: 'x' })
    expect(server.storage.findFile(grant.fileId)).toMatchObject({ openid: 'o-me', sizeBytes: 1 })
  })

  it('refuses a file that is too large with the error that the SDK understands', async () => {
    const content = Buffer.alloc(2_000)
    await expect(server.cloud.uploadFile({ cloudPath: 'big', fileContent: content })).rejects.toMatchObject({
      errMsg: expect.stringContaining('EntityTooLarge'),
    })
    expect(server.storage.findFile(idOf('big'))).toBeUndefined()
    expect(readdirSync(join(server.dir, 'incoming'))).toEqual([])
  })

  it('leaves nothing when the client goes away half way', async () => {
    const grant = await grantFor('half.txt')
    await new Promise<void>((resolve) => {
      const req = request(grant.url, { method: 'PUT', headers: { ...grant.headers, 'content-length': 500 } })
      req.on('error', () => resolve())
      req.write('x'.repeat(100), () => req.destroy(new Error('gone')))
    })
    await expect.poll(() => readdirSync(join(server.dir, 'incoming'))).toEqual([])
    expect(server.storage.findFile(grant.fileId)).toBeUndefined()
  })
})

describe('private files', () => {
  it('have addresses that cannot be made up, and that expire', async () => {
    const server = await startStorageServer({ isPublicRead: (file) => file.cloudPath.startsWith('public/') })
    try {
      const { fileID } = await server.cloud.uploadFile({ cloudPath: 'a?b.txt', fileContent: PNG })
      const { fileList } = await server.cloud.getTempFileURL({ fileList: [{ fileID, maxAge: 60 }] })
      const url = String(fileList[0]?.tempFileURL)
      expect((await fetch(url)).status).toBe(200)
      expect((await fetch(url.replace(/sign=./, 'sign=z'))).status).toBe(403)
      expect((await fetch(url.replace(/t=\d+/, 't=9999999999999'))).status).toBe(403)
      expect((await fetch(url.replace(/\?.*/, ''))).status).toBe(403)
      expect(await server.cloud.downloadFile({ fileID })).toMatchObject({ fileContent: PNG })
      await server.clock.advance(60_000)
      expect((await fetch(url)).status).toBe(403)
    } finally {
      await server.close()
    }
  })
})

describe('a snapshot', () => {
  it('brings the bytes back that were replaced or deleted since', async () => {
    const server = await startStorageServer()
    try {
      await server.cloud.uploadFile({ cloudPath: 'a.txt', fileContent: Buffer.from('old') })
      const [state, objects] = [server.state.exportAll(), await server.storage.exportObjects()]
      await server.cloud.uploadFile({ cloudPath: 'a.txt', fileContent: Buffer.from('new') })
      await server.cloud.deleteFile({ fileList: [idOf('a.txt')] })
      await server.state.importAll(state)
      await server.storage.importObjects(objects)
      expect((await server.cloud.downloadFile({ fileID: idOf('a.txt') })).fileContent.toString()).toBe('old')
      await expect(server.storage.importObjects({ '../../evil': 'eA==' })).rejects.toThrow('not an object id')
    } finally {
      await server.close()
    }
  })
})

describe('a restart', () => {
  it('keeps files and sweeps what a kill left behind', async () => {
    const first = await startStorageServer()
    await first.cloud.uploadFile({ cloudPath: 'kept.txt', fileContent: Buffer.from('kept') })
    writeFileSync(join(first.dir, 'incoming', 'half'), 'x')
    writeFileSync(join(first.dir, 'objects', 'f'.repeat(32)), 'x')
    const second = await first.restart()
    try {
      const { fileContent } = await second.cloud.downloadFile({ fileID: idOf('kept.txt') })
      expect(fileContent.toString()).toBe('kept')
      expect(readdirSync(join(second.dir, 'incoming'))).toEqual([])
      expect(readdirSync(join(second.dir, 'objects'))).toHaveLength(1)
    } finally {
      await second.close()
    }
  })
})

describe('storage through node-sdk', () => {
  let server: StorageServer
  const app = () => tcb.init({ env: 'local' })
  beforeAll(async () => {
    server = await startStorageServer({
      mayAccess: async (operation, _, file, openid) => operation === 'read' || file?.openid === openid,
    })
    Object.assign(process.env, { WX_CONTEXT_KEYS: 'WX_OPENID', WX_OPENID: 'oBuyer' })
  })
  afterAll(async () => {
    delete process.env.WX_CONTEXT_KEYS
    delete process.env.WX_OPENID
    await server.close()
  })
  const codes = async (...fileList: Parameters<ReturnType<typeof app>['copyFile']>[0]['fileList']) =>
    (await app().copyFile({ fileList })).fileList.map(({ code }) => code)

  it('copies, moves, and replaces only when told so', async () => {
    await server.storage.upload('from/a.png', chunksOf(PNG), 'oBuyer')
    await server.storage.upload('taken/a.png', chunksOf(Buffer.from('old')))
    expect(
      await codes(
        { srcPath: 'from/a.png', dstPath: 'copy/a.png' },
        { srcPath: 'from/a.png', dstPath: 'taken/a.png', overwrite: false },
        { srcPath: 'never/a.png', dstPath: 'other/a.png' },
        { srcPath: 'from/a.png', dstPath: 'moved/a.png', removeOriginal: true },
      ),
    ).toEqual(['SUCCESS', 'STORAGE_FILE_EXISTS', 'STORAGE_FILE_NONEXIST', 'SUCCESS'])
    const left = server.storage
      .list()
      .map(({ cloudPath, openid, sizeBytes }) => [cloudPath, openid, sizeBytes])
    expect(left.sort()).toEqual([
      ['copy/a.png', 'oBuyer', PNG.length],
      ['moved/a.png', 'oBuyer', PNG.length],
      ['taken/a.png', undefined, 3],
    ])
    expect(await codes({ srcPath: 'copy/a.png', dstPath: 'taken/a.png' })).toEqual(['SUCCESS'])
  })

  it('tells size and type, and what the user may do with a file', async () => {
    const fileID = await server.storage.upload('mine.png', chunksOf(PNG), 'oBuyer')
    await server.storage.upload('theirs.png', chunksOf(PNG), 'oAuthor')
    const { fileList } = await app().getFileInfo({ fileList: [fileID] })
    expect(fileList).toMatchObject([{ contentType: 'image/png', size: PNG.length }])
    const { data } = await app().getFileAuthority({
      fileList: [
        { path: 'mine.png', type: 'READWRITE' },
        { path: 'theirs.png', type: 'READWRITE' },
      ],
    })
    expect(data).toMatchObject([
      { path: 'mine.png', read: true, write: true },
      { path: 'theirs.png', read: true, write: false },
    ])
  })
})

async function* chunksOf(bytes: Buffer): AsyncIterable<Uint8Array> {
  yield bytes
}
