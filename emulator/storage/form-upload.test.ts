import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type StorageServer, startStorageServer } from './sdk-server.fixture.ts'

describe('an upload as a form', () => {
  let server: StorageServer
  beforeAll(async () => {
    server = await startStorageServer({ maxFileBytes: 1_000 })
  })
  afterAll(() => server.close())

  /** What the SDK sends, with the file last; `changes` replace or (undefined) leave out fields. */
  async function formFor(
    path: string,
    content: string | Buffer,
    changes: Record<string, string | undefined> = {},
  ) {
    const { data } = (await server.storage.handle('storage.getUploadMetadata', { path }, {})) as {
      data: { url: string; authorization: string; token: string; cosFileId: string; fileId: string } // what it replies
    }
    const fields = {
      Signature: data.authorization,
      'x-cos-security-token': data.token,
      'x-cos-meta-fileid': data.cosFileId,
      key: path,
      ...changes,
    }
    const form = new FormData()
    for (const [name, value] of Object.entries(fields)) if (value !== undefined) form.append(name, value)
    form.append('file', new Blob([content]), 'local-name.txt')
    return { ...data, form }
  }

  const send = async ({ url, form }: { url: string; form: FormData }) => {
    const response = await fetch(url, { method: 'POST', body: form })
    return { status: response.status, text: await response.text() }
  }

  it('keeps the bytes, and answers as object storage does', async () => {
    const bytes = Buffer.from([0, 13, 10, 45, 45, 255])
    const upload = await formFor('图/a 1.bin', bytes)
    expect(await send(upload)).toEqual({ status: 204, text: '' })
    const { fileContent } = await server.cloud.downloadFile({ fileID: upload.fileId })
    expect(fileContent).toEqual(bytes)
    const again = await formFor('图/a 1.bin', 'new', { success_action_status: '200' })
    expect(await send(again)).toEqual({ status: 200, text: '' })
  })

  it.each([
    ['no ticket', { Signature: undefined }],
    ['the ticket of another file', { key: 'other.txt' }],
    ['a forged ticket', { 'x-cos-security-token': 'e30' }],
  ])('with %s is refused', async (_name, changes) => {
    const upload = await formFor('refused.txt', 'x', changes)
    expect(await send(upload)).toEqual({
      status: 403,
      text: expect.stringContaining('<Code>SignatureDoesNotMatch</Code>'),
    })
    expect(server.storage.findFile(upload.fileId)).toBeUndefined()
  })

  it('that is too large is refused, and leaves nothing', async () => {
    const upload = await formFor('big.txt', Buffer.alloc(5_000))
    expect((await send(upload)).text).toContain('EntityTooLarge')
    expect(server.storage.findFile(upload.fileId)).toBeUndefined()
  })

  it.each([
    ['text/plain', 'x'],
    ['multipart/form-data', 'x'],
    ['multipart/form-data; boundary=b', ''],
    [
      'multipart/form-data; boundary=b',
      '--b\r\ncontent-disposition: form-data; name="key"\r\n\r\na.txt\r\n--b--\r\n',
    ],
  ])('that is none, of type %s, is refused', async (type, body) => {
    const { url } = await formFor('none.txt', '')
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': type }, body })
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('MalformedPOST')])
  })

  it('that breaks off leaves nothing', async () => {
    const { url, form, fileId } = await formFor('half.txt', Buffer.alloc(900))
    const whole = new Response(form)
    const body = Buffer.from(await whole.arrayBuffer())
    const type = whole.headers.get('content-type') ?? ''
    await new Promise<void>((resolve) => {
      const headers = { 'content-type': type, 'content-length': body.length }
      const sent = request(url, { method: 'POST', headers })
      sent.on('error', () => resolve())
      sent.write(body.subarray(0, body.length - 300), () => sent.destroy(new Error('gone')))
    })
    expect(server.storage.findFile(fileId)).toBeUndefined()
    expect(await send(await formFor('next.txt', 'x'))).toMatchObject({ status: 204 })
  })
})
