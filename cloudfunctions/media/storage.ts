/** Cloud storage as this function uses it: by path, where the platform speaks of file ids. */
import { type Context, callOutside, perInstance, refuse } from '../_kernel/index.ts'

/** `cloud://{environment}.{bucket}/`. The platform tells it with an upload only, so an instance makes a small one. */
const known = perInstance(() => ({ prefix: '' }))
const PROBE_PATH = 'media/.environment'
/** wx-server-sdk's number for a file that is not there. */
const MISSING = -503003
/** What the platform deletes and links in one request. */
const FILES_AT_ONCE = 50

export async function fileIdOf(ctx: Context, path: string): Promise<string> {
  const own = known()
  if (own.prefix === '') {
    const fileId = await upload(ctx, PROBE_PATH, Buffer.from('media'))
    own.prefix = fileId.slice(0, -PROBE_PATH.length)
  }
  return own.prefix + path
}

/** Writing the same content again changes nothing. */
export async function upload(ctx: Context, cloudPath: string, fileContent: Buffer): Promise<string> {
  const { fileID } = await answered(ctx.cloud.uploadFile({ cloudPath, fileContent }))
  return fileID
}

/** Refuses MEDIA_NOT_UPLOADED when there is nothing. */
export async function download(ctx: Context, path: string): Promise<Buffer> {
  const fileID = await fileIdOf(ctx, path)
  try {
    return (await ctx.cloud.downloadFile({ fileID })).fileContent
  } catch (cause) {
    // The error of a download does not tell a missing file from a failure.
    const isThere = (await addressesOf(ctx, [fileID])).has(fileID)
    return refuse(isThere ? 'UPSTREAM_FAILED' : 'MEDIA_NOT_UPLOADED', { path }, cause)
  }
}

/** What is not there counts as deleted. */
export async function deletePaths(ctx: Context, paths: readonly string[]): Promise<void> {
  const fileList: string[] = []
  for (const path of paths) fileList.push(await fileIdOf(ctx, path))
  for (let from = 0; from < fileList.length; from += FILES_AT_ONCE) {
    const batch = fileList.slice(from, from + FILES_AT_ONCE)
    const { fileList: answers } = await callOutside('storage', () =>
      ctx.cloud.deleteFile({ fileList: batch }),
    )
    const left = answers.find(({ status }) => status !== 0 && status !== MISSING)
    if (left) refuse('UPSTREAM_FAILED', { service: 'storage', status: left.status })
  }
}

/** Addresses by file id; none for what is not there. */
export async function addressesOf(ctx: Context, fileIds: readonly string[]): Promise<Map<string, string>> {
  if (fileIds.length === 0) return new Map()
  const { fileList } = await answered(ctx.cloud.getTempFileURL({ fileList: [...fileIds] }))
  return new Map(
    fileList
      .filter(({ status, tempFileURL }) => status === 0 && tempFileURL !== '')
      .map(({ fileID, tempFileURL }) => [fileID, tempFileURL]),
  )
}

/** Refuses UPSTREAM_FAILED for what the storage did not do. Not repeated here: a client, or the cleaner, tries again. */
async function answered<R>(request: Promise<R>): Promise<R> {
  try {
    return await request
  } catch (cause) {
    return refuse('UPSTREAM_FAILED', { service: 'storage' }, cause)
  }
}
