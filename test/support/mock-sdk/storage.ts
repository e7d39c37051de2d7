import { randomUUID } from 'node:crypto'
import * as z from 'zod'
import { assertFields } from './check.ts'
import { mock } from './control.ts'
import { errCodeOf, replyOrThrow, statusText, TcbError, toSdkError } from './errors.ts'

/** wx-server-sdk's four storage calls, on the emulator's storage engine. */
export function uploadFile(options: { cloudPath: string; fileContent: Buffer }) {
  return wrapped('uploadFile', async () => {
    assertFields(options, { cloudPath: 'string' })
    const { cloudPath, fileContent } = options
    if (!fileContent)
      throw new Error(`Type of fileContent must be fs.ReadStream instead of ${typeof fileContent}`)
    const { fileId } = await ask('storage.getUploadMetadata', upload, { path: cloudPath })
    await mock.cloud().putFile(cloudPath, fileContent)
    // The SDK never learns the status: node-sdk 3 has no such hook.
    return { fileID: fileId, statusCode: -1, errMsg: 'uploadFile:ok' }
  })
}

export function downloadFile(options: { fileID: string }) {
  return wrapped('downloadFile', async () => {
    assertFields(options, { fileID: 'string' })
    const [file] = await addressesOf([{ fileid: options.fileID, max_age: 600 }])
    if (file?.code !== 'SUCCESS') throw new TcbError(NO_FILE, 'file not exists', randomUUID())
    const fileContent = await mock.cloud().readFile(options.fileID)
    return { fileContent, statusCode: 200, errMsg: 'downloadFile:ok' }
  })
}

export function getTempFileURL(options: { fileList: (string | { fileID: string; maxAge: number })[] }) {
  return wrapped('getTempFileURL', async () => {
    assertFields(options, { fileList: 'array' })
    const wanted = options.fileList.map((item) =>
      typeof item === 'string' ? { fileid: item } : { fileid: item.fileID, max_age: item.maxAge },
    )
    const fileList = (await addressesOf(wanted)).map(({ fileID, code, maxAge, tempFileURL }) => ({
      fileID,
      ...statusOf(code),
      maxAge,
      tempFileURL,
    }))
    return { fileList, errMsg: 'getTempFileURL:ok' }
  })
}

export function deleteFile(options: { fileList: string[] }) {
  return wrapped('deleteFile', async () => {
    assertFields(options, { fileList: 'array' })
    options.fileList.forEach((file: unknown, index) => {
      if (typeof file === 'string') return
      throw new Error(`Type of fileList[${index}] must be string instead of ${typeof file}`)
    })
    const body = { fileid_list: options.fileList }
    const { delete_list } = await ask('storage.batchDeleteFile', deletions, body)
    const fileList = delete_list.map(({ fileID, code }) => ({ fileID, ...statusOf(code) }))
    return { fileList, errMsg: 'deleteFile:ok' }
  })
}

const NO_FILE = 'STORAGE_FILE_NONEXIST'

const upload = z.object({ fileId: z.string() })
const downloads = z.object({
  download_list: z.array(
    z.object({ fileID: z.string(), code: z.string(), maxAge: z.number(), tempFileURL: z.string() }),
  ),
})
const deletions = z.object({ delete_list: z.array(z.object({ fileID: z.string(), code: z.string() })) })

async function addressesOf(file_list: { fileid: string; max_age?: number }[]) {
  return (await ask('storage.batchGetDownloadUrl', downloads, { file_list })).download_list
}

function statusOf(code: string): { status: number; errMsg: string } {
  const status = code === 'SUCCESS' ? 0 : errCodeOf(code)
  return { status, errMsg: status === 0 ? 'ok' : statusText(status) }
}

/** What the storage engine answers; throws as the SDK does when it refuses or was made to fail. */
async function ask<T>(action: string, schema: z.ZodType<T>, body: Record<string, unknown>): Promise<T> {
  const reply = await mock.cloud().askStorage(action, body)
  replyOrThrow({ ...reply, requestId: randomUUID() })
  return schema.parse(reply.data)
}

async function wrapped<T>(apiName: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw toSdkError(cause, apiName)
  }
}
