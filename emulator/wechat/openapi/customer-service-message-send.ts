import * as z from 'zod'
import { assertOpenid, type OpenApi, OpenApiError } from './api.ts'

const text = z.string().min(1)
/** The part of the message that is named after its type. */
const CONTENTS: Record<string, z.ZodType> = {
  text: z.object({ content: text }),
  image: z.object({ media_id: text }),
  link: z.object({ title: text, description: text, url: text, thumb_url: z.string() }),
  miniprogrampage: z.object({ title: z.string(), pagepath: text, thumb_media_id: text }),
}

/** `customerServiceMessage.send`: an answer in the chat, while the user's last act still permits one. */
export const customerServiceMessageSend: OpenApi = async (call, ctx) => {
  const openid = assertOpenid(call.arguments.touser)
  const { msgtype } = call.arguments
  const schema =
    typeof msgtype === 'string' && Object.hasOwn(CONTENTS, msgtype) ? CONTENTS[msgtype] : undefined
  if (typeof msgtype !== 'string' || !schema) throw new OpenApiError(40008, 'invalid message type')
  const content = schema.safeParse(call.arguments[msgtype])
  if (!content.success) throw new OpenApiError(44004, 'empty text message')
  if (msgtype === 'image' && !findMedia(content.data)) throw new OpenApiError(40007, 'invalid media_id')
  const outcome = await ctx.customerService.send({
    openid,
    msgtype,
    content: content.data,
    functionName: call.functionName,
  })
  if (outcome === 'too late')
    throw new OpenApiError(45015, 'response out of time limit or subscription is canceled')
  if (outcome === 'too many') throw new OpenApiError(45047, 'out of response count limit')
  return {}

  function findMedia(image: unknown): unknown {
    const { media_id: mediaId } = z.object({ media_id: z.string() }).parse(image)
    return ctx.tempMedia.find(mediaId)
  }
}
