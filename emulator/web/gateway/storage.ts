/** Storage in gateway mode: `/v1/storages/<what>` (js-sdk `storage/src/cloudbase-storage.ts`, `storageGateWay`). */
import * as z from 'zod'
import { WireError } from '../../core/errors.ts'
import type { Client } from '../../core/identity.ts'
import type { Fields } from '../deps.ts'
import { read } from '../read.ts'
import type { GatewayCall } from './call.ts'

/** `signedHeader`, the headers that a signature covers, is of no use here: ours covers none. */
const uploadsSchema = z.array(z.object({ objectId: z.string() })).max(50)

/** Where to send files, one item for each, which may be refused by itself. The same address takes PUT and forms. */
export async function getUploadInfo(call: GatewayCall): Promise<object[]> {
  const { client } = call.callers.get(call.token, call.request)
  const wanted = read(uploadsSchema, await call.json())
  return Promise.all(wanted.map(({ objectId }) => uploadInfo(call, client, objectId)))
}

async function uploadInfo({ deps }: GatewayCall, client: Client, objectId: string): Promise<object> {
  try {
    const { data } = await deps.access.storage('storage.getUploadMetadata', { path: objectId }, client)
    const { url, token, authorization, fileId, cosFileId } = uploadSchema.parse(data)
    const addresses = { uploadUrl: url, downloadUrl: url }
    return { objectId, ...addresses, authorization, token, cloudObjectId: fileId, cloudObjectMeta: cosFileId }
  } catch (error) {
    if (!(error instanceof WireError)) throw error
    return { objectId, code: error.code, message: error.message }
  }
}

const uploadSchema = z.object({
  url: z.string(),
  token: z.string(),
  authorization: z.string(),
  fileId: z.string(),
  cosFileId: z.string(),
})

const objectsSchema = z.array(z.object({ cloudObjectId: z.string() })).max(50)

export async function getDownloadInfo(call: GatewayCall): Promise<object[]> {
  const wanted = read(objectsSchema, await call.json())
  const list = await filesOf(call, 'storage.batchGetDownloadUrl', {
    file_list: wanted.map(({ cloudObjectId }) => ({ fileid: cloudObjectId })),
  })
  return list.map(({ tempFileURL, ...item }) =>
    item.code ? item : { ...item, downloadUrl: tempFileURL ?? '' },
  )
}

export async function deleteObjects(call: GatewayCall): Promise<object[]> {
  const wanted = read(objectsSchema, await call.json())
  const list = await filesOf(call, 'storage.batchDeleteFile', {
    fileid_list: wanted.map(({ cloudObjectId }) => cloudObjectId),
  })
  return list.map(({ cloudObjectId, code, message }) => ({ cloudObjectId, code, message }))
}

const copiesSchema = z.array(z.object({ srcPath: z.string(), dstPath: z.string() }).loose()).max(50)

export async function copyObjects(call: GatewayCall): Promise<object[]> {
  const wanted = read(copiesSchema, await call.json())
  const list = await filesOf(call, 'storage.batchCopyFile', {
    file_list: wanted.map(({ srcPath, dstPath, overwrite, removeOriginal }) => ({
      src_path: srcPath,
      dst_path: dstPath,
      overwrite,
      remove_original: removeOriginal,
    })),
  })
  return list.map(({ cloudObjectId, code, message }) => ({ cloudObjectId, code, message }))
}

interface FileItem {
  cloudObjectId: string
  /** Absent when the item succeeded. */
  code?: string
  message?: string
  tempFileURL?: string
}

const itemSchema = z.object({
  fileID: z.string().default(''),
  code: z.string(),
  message: z.string().optional(),
  tempFileURL: z.string().optional(),
})
const listsSchema = z.object({
  download_list: z.array(itemSchema).optional(),
  delete_list: z.array(itemSchema).optional(),
  copy_list: z.array(itemSchema).optional(),
})

/** One action over several files, which may fail one by one. */
async function filesOf(call: GatewayCall, action: string, body: Fields): Promise<FileItem[]> {
  const { client } = call.callers.get(call.token, call.request)
  const { data } = await call.deps.access.storage(action, body, client)
  const { download_list, delete_list, copy_list } = listsSchema.parse(data)
  return (download_list ?? delete_list ?? copy_list ?? []).map(({ fileID, code, message, tempFileURL }) =>
    code === 'SUCCESS'
      ? { cloudObjectId: fileID, tempFileURL }
      : { cloudObjectId: fileID, code, message: message ?? code },
  )
}
