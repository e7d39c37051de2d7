import { assertMedia, assertOpenid, type OpenApi, OpenApiError } from './api.ts'
import { imageTypeOf } from './image-type.ts'

const LARGEST_BYTES = 1024 * 1024
const MEDIA_TYPES = [1, 2]
const SCENES = [1, 2, 3, 4]

/** `security.imgSecCheck`: refuses a picture in whose bytes one of the risky words stands. */
export const securityImgSecCheck: OpenApi = async (call, ctx) => {
  const bytes = assertMedia(call.arguments.media, LARGEST_BYTES)
  if (imageTypeOf(bytes) === undefined) throw new OpenApiError(40004, 'invalid media type')
  const found = ctx.words.findIn(Buffer.from(bytes).toString('utf8'))
  if (found.some(({ suggest }) => suggest === 'risky')) throw new OpenApiError(87014, 'risky content')
  return {}
}

/** `security.mediaCheckAsync`: takes a picture or sound on; the verdict comes as a message (`wxa_media_check`). */
export const securityMediaCheckAsync: OpenApi = async (call, ctx) => {
  const { media_url: mediaUrl, media_type: mediaType, version, scene } = call.arguments
  if (typeof mediaUrl !== 'string' || !/^https?:\/\/\S+$/.test(mediaUrl))
    throw new OpenApiError(40066, 'invalid url')
  if (!MEDIA_TYPES.includes(Number(mediaType))) throw new OpenApiError(40004, 'invalid media type')
  const media = { mediaUrl, mediaType: Number(mediaType) }
  if (version === undefined || version === 1)
    return { trace_id: await ctx.mediaChecks.ask({ ...media, version: 1, openid: call.openid }) }
  if (version !== 2) throw new OpenApiError(47001, 'data format error')
  if (!SCENES.includes(Number(scene))) throw new OpenApiError(40129, 'invalid scene')
  const openid = assertOpenid(call.arguments.openid)
  return { trace_id: await ctx.mediaChecks.ask({ ...media, version: 2, openid }) }
}
