/** Files in cloud storage, by `wx.cloud`. */
import { assertReply, assertType, statusOf, toCloudError } from './errors.ts'
import { post } from './service.ts'
import { transport } from './transport.ts'

/** What an upload or a download in callback style gives. */
export interface Task {
  abort(): void
  onProgressUpdate(listener: (progress: Progress) => void): void
  offProgressUpdate(listener: (progress: Progress) => void): void
}

export interface Progress {
  /** Of 100. */
  progress: number
  totalBytesSent?: number
  totalBytesExpectedToSend?: number
  totalBytesWritten?: number
  totalBytesExpectedToWrite?: number
}

interface UploadResult {
  fileID: string
  statusCode: number
  errMsg: string
}

interface DownloadResult {
  tempFilePath: string
  statusCode: number
  errMsg: string
}

export function uploadFile(options: { cloudPath?: unknown; filePath?: unknown }): {
  task: Task
  done: Promise<UploadResult>
} {
  return running('cloud.uploadFile', async (apiName, control) => {
    assertType(options.cloudPath, 'cloudPath', 'string', apiName)
    const grant = await ask(apiName, 'storage.getUploadMetadata', { path: options.cloudPath })
    const form = {
      key: String(options.cloudPath),
      signature: String(grant.authorization),
      'x-cos-security-token': String(grant.token),
      'x-cos-meta-fileid': String(grant.cosFileId),
    }
    const upload = transport.upload(String(grant.url), form, options.filePath, (sent, total) =>
      control.tell({
        progress: percentOf(sent, total),
        totalBytesSent: sent,
        totalBytesExpectedToSend: total,
      }),
    )
    control.abortBy(upload.abort)
    const { statusCode, text } = await upload.done
    if (statusCode >= 300) throw toCloudError({ code: 'STORAGE_REQUEST_FAIL', message: text }, apiName)
    return { fileID: String(grant.fileId), statusCode, errMsg: `${apiName}:ok` }
  })
}

export function downloadFile(options: { fileID?: unknown }): { task: Task; done: Promise<DownloadResult> } {
  return running('cloud.downloadFile', async (apiName, control) => {
    assertType(options.fileID, 'fileID', 'string', apiName)
    const [file] = await filesOf(apiName, 'storage.batchGetDownloadUrl', 'download_list', {
      file_list: [{ fileid: options.fileID }],
    })
    if (file?.code !== 'SUCCESS') throw toCloudError({ code: String(file?.code) }, apiName)
    const download = transport.download(encodeURI(String(file.tempFileURL)), (written, total) =>
      control.tell({
        progress: percentOf(written, total),
        totalBytesWritten: written,
        totalBytesExpectedToWrite: total,
      }),
    )
    control.abortBy(download.abort)
    return { ...(await download.done), errMsg: `${apiName}:ok` }
  })
}

export async function getTempFileURL(options: { fileList?: unknown }) {
  const apiName = 'cloud.getTempFileURL'
  const wanted = listOf(options.fileList, apiName).map((item) =>
    typeof item === 'string'
      ? { fileid: item }
      : { fileid: Object(item).fileID, max_age: Object(item).maxAge },
  )
  const files = await filesOf(apiName, 'storage.batchGetDownloadUrl', 'download_list', { file_list: wanted })
  const fileList = files.map(({ fileID, code, tempFileURL, maxAge }) => ({
    fileID,
    tempFileURL: tempFileURL ?? '',
    maxAge: maxAge ?? 0,
    ...statusOf(code),
  }))
  return { fileList, errMsg: `${apiName}:ok` }
}

export async function deleteFile(options: { fileList?: unknown }) {
  const apiName = 'cloud.deleteFile'
  const wanted = listOf(options.fileList, apiName)
  const files = await filesOf(apiName, 'storage.batchDeleteFile', 'delete_list', { fileid_list: wanted })
  const fileList = files.map(({ fileID, code }) => ({ fileID, ...statusOf(code) }))
  return { fileList, errMsg: `${apiName}:ok` }
}

interface Control {
  tell(progress: Progress): void
  abortBy(abort: () => void): void
}

/** A task can be aborted and watched before it has got anywhere. */
function running<T>(
  apiName: string,
  run: (apiName: string, control: Control) => Promise<T>,
): { task: Task; done: Promise<T> } {
  const listeners = new Set<(progress: Progress) => void>()
  let abort: () => void = () => undefined
  let isAborted = false
  const task: Task = {
    abort() {
      isAborted = true
      abort()
    },
    onProgressUpdate: (listener) => void listeners.add(listener),
    offProgressUpdate: (listener) => void listeners.delete(listener),
  }
  const control: Control = {
    tell(progress) {
      for (const listener of listeners) listener(progress)
    },
    abortBy(given) {
      abort = given
      if (isAborted) given()
    },
  }
  const done = run(apiName, control).catch((cause: unknown) => Promise.reject(toCloudError(cause, apiName)))
  return { task, done }
}

async function filesOf(
  apiName: string,
  action: string,
  list: string,
  fields: Record<string, unknown>,
): Promise<Record<string, unknown>[]> {
  return Object(await ask(apiName, action, fields))[list]
}

/** `data` of the reply. */
async function ask(
  apiName: string,
  action: string,
  fields: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  try {
    const reply = await post('storage', action, fields)
    assertReply(reply, apiName)
    return Object(reply.data)
  } catch (cause) {
    throw toCloudError(cause, apiName)
  }
}

function listOf(given: unknown, apiName: string): unknown[] {
  assertType(given, 'fileList', 'array', apiName)
  return Array.isArray(given) ? given : []
}

function percentOf(done: number, total: number): number {
  return total > 0 ? Math.round((done / total) * 100) : 0
}
