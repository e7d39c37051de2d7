import * as z from 'zod'
import { type ControlRoute, route } from '../route.ts'

/** Messages between users and functions in the customer service chat, and which function gets which. */
export interface MessagePushPorts {
  push: {
    rules(): object[]
    setRules(rules: z.output<typeof rule>[]): Promise<void>
    list(): object[]
  }
  userMessages: { send(openid: string, message: z.output<typeof userMessage>): Promise<object> }
  customerService: { sent(filter: { openid?: string }): object[] }
}

const rule = z.strictObject({
  msgType: z.string().min(1).describe('MsgType: text, image, miniprogrampage, event, …'),
  event: z.string().optional().describe('Event, when msgType is event'),
  functionName: z.string().min(1),
})
const userMessage = z.object({
  msgType: z.string().min(1).default('text'),
  event: z.string().optional(),
  fields: z.record(z.string(), z.unknown()).optional().describe('Content, SessionFrom, PicUrl, …'),
})

export function messagePushRoutes(
  { push, userMessages, customerService }: MessagePushPorts,
  openidOf: (userName: string) => string,
): ControlRoute[] {
  return [
    route({
      method: 'GET',
      path: '/control/message-push',
      summary: 'Which function gets which messages of users and of WeChat',
      handle: () => ({ rules: push.rules() }),
    }),
    route({
      method: 'PUT',
      path: '/control/message-push',
      summary: 'Replaces the functions that get messages: one per MsgType and Event',
      body: z.strictObject({ rules: z.array(rule) }),
      async handle({ body }) {
        await push.setRules(body.rules)
        return { rules: push.rules() }
      },
    }),
    route({
      method: 'GET',
      path: '/control/message-push/messages',
      summary: 'Messages pushed to functions, with every attempt, latest first',
      handle: () => ({ messages: push.list() }),
    }),
    route({
      method: 'POST',
      path: '/control/message-push/messages',
      summary: 'The user writes in the customer service chat, or something else happens there',
      body: userMessage.extend({ user: z.string() }).strict(),
      handle: ({ body: { user, ...message } }) => userMessages.send(openidOf(user), message),
    }),
    route({
      method: 'GET',
      path: '/control/customer-messages',
      summary: 'What functions wrote to users in the customer service chat, latest first',
      query: z.object({ user: z.string().optional() }),
      handle: ({ query: { user } }) => ({
        messages: customerService.sent({ openid: user === undefined ? undefined : openidOf(user) }),
      }),
    }),
  ]
}
