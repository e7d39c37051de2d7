import { assertMedia, type OpenApi, OpenApiError, OpenApiFile } from './api.ts'
import { imageTypeOf } from './image-type.ts'

const LARGEST_BYTES = 2 * 1024 * 1024

/** `customerServiceMessage.uploadTempMedia`: keeps a picture for three days and gives its media id. */
export const customerServiceMessageUploadTempMedia: OpenApi = async (call, ctx) => {
  if (call.arguments.type !== 'image') throw new OpenApiError(40004, 'invalid media type')
  const bytes = assertMedia(call.arguments.media, LARGEST_BYTES)
  if (imageTypeOf(bytes) === undefined) throw new OpenApiError(40005, 'invalid file type')
  const { mediaId, createdAtMs } = await ctx.tempMedia.put(bytes)
  return { type: 'image', media_id: mediaId, created_at: Math.floor(createdAtMs / 1000) }
}

/** `customerServiceMessage.getTempMedia`: the picture itself. */
export const customerServiceMessageGetTempMedia: OpenApi = async (call, ctx) => {
  const { media_id: mediaId } = call.arguments
  const bytes = typeof mediaId === 'string' ? ctx.tempMedia.find(mediaId) : undefined
  if (!bytes) throw new OpenApiError(40007, 'invalid media_id')
  return new OpenApiFile(imageTypeOf(bytes) ?? 'application/octet-stream', bytes)
}
