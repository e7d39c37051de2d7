import { randomUUID } from 'node:crypto'
import { assertFields } from './check.ts'
import { mock } from './control.ts'
import { errCodeOf, replyOrThrow, statusText, TcbError, toSdkError } from './errors.ts'

/** wx-server-sdk's four storage calls, on files that the mocked cloud keeps in memory. */
export function uploadFile(options: { cloudPath: string; fileContent: Buffer }) {
  return wrapped('uploadFile', async () => {
    assertFields(options, { cloudPath: 'string' })
    const { cloudPath, fileContent } = options
    if (!fileContent)
      throw new Error(`Type of fileContent must be fs.ReadStream instead of ${typeof fileContent}`)
    const cloud = mock.cloud()
    const fileID = `cloud://${cloud.envId}.${BUCKET}/${cloudPath}`
    await ask('storage.getUploadMetadata', (files) => files.set(fileID, Buffer.from(fileContent)))
    // The SDK never learns the status: node-sdk 3 has no such hook.
    return { fileID, statusCode: -1, errMsg: 'uploadFile:ok' }
  })
}

export function downloadFile(options: { fileID: string }) {
  return wrapped('downloadFile', async () => {
    assertFields(options, { fileID: 'string' })
    const fileContent = await ask('storage.batchGetDownloadUrl', (files) => files.get(options.fileID))
    if (!fileContent) throw new TcbError(NO_FILE, 'file not exists', randomUUID())
    return { fileContent, statusCode: 200, errMsg: 'downloadFile:ok' }
  })
}

export function getTempFileURL(options: { fileList: (string | { fileID: string; maxAge: number })[] }) {
  return wrapped('getTempFileURL', async () => {
    assertFields(options, { fileList: 'array' })
    const fileList = await ask('storage.batchGetDownloadUrl', (files) =>
      options.fileList.map((item) => {
        const { fileID, maxAge } = typeof item === 'string' ? { fileID: item, maxAge: MAX_AGE_SECONDS } : item
        const isFound = files.has(fileID)
        const path = fileID.split('/').slice(3).join('/')
        return {
          fileID,
          ...statusOf(isFound),
          maxAge,
          tempFileURL: isFound ? `https://${BUCKET}.tcb.local/${path}` : '',
        }
      }),
    )
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
    const fileList = await ask('storage.batchDeleteFile', (files) =>
      options.fileList.map((fileID) => ({ fileID, ...statusOf(files.delete(fileID)) })),
    )
    return { fileList, errMsg: 'deleteFile:ok' }
  })
}

const BUCKET = '6c6f-local-1300000000'
const MAX_AGE_SECONDS = 7200
const NO_FILE = 'STORAGE_FILE_NONEXIST'

function statusOf(isFound: boolean): { status: number; errMsg: string } {
  const status = isFound ? 0 : errCodeOf(NO_FILE)
  return { status, errMsg: isFound ? 'ok' : statusText(status) }
}

/** Does `work` on the files, unless the test made the service fail. */
async function ask<T>(action: string, work: (files: Map<string, Buffer>) => T): Promise<T> {
  let result: { value: T } | undefined
  const reply = await mock.cloud().askStorage(action, (files) => {
    result = { value: work(files) }
    return {}
  })
  replyOrThrow({ ...reply, requestId: randomUUID() })
  if (!result) throw new Error(`${action} was not done`)
  return result.value
}

async function wrapped<T>(apiName: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw toSdkError(cause, apiName)
  }
}
