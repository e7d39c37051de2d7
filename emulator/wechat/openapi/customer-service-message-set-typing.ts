import { assertOpenid, type OpenApi, OpenApiError } from './api.ts'

/** `customerServiceMessage.setTyping`: the user sees, or no longer sees, that an answer is being written. */
export const customerServiceMessageSetTyping: OpenApi = async (call, ctx) => {
  const openid = assertOpenid(call.arguments.touser)
  const { command } = call.arguments
  if (command !== 'Typing' && command !== 'CancelTyping') throw new OpenApiError(45072, 'invalid command')
  const outcome = await ctx.customerService.setTyping(openid, command === 'Typing')
  if (outcome === 'no recent message') throw new OpenApiError(45080, 'no message from the user within 30s')
  if (outcome === 'typing already') throw new OpenApiError(45081, 'already typing')
  return {}
}
