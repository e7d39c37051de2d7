import * as z from 'zod'
import { ControlRefusal, type ControlRoute, route } from '../route.ts'
import type { Users } from '../users.ts'
import { type MessagePushPorts, messagePushRoutes } from './message-push.ts'
import { type OpenApiPorts, openApiRoutes } from './open-apis.ts'

/** Messages, content checks, phone numbers and open data, as the WeChat simulator offers them. */
export interface MessagePorts extends MessagePushPorts, OpenApiPorts {
  subscriptions: {
    grant(openid: string, templateId: string, count?: number): Promise<object>
    grants(filter: Filter): object[]
    sent(filter: Filter): object[]
  }
  words: { list(): object[]; set(words: z.output<typeof wordList>): Promise<void> }
  phoneCodes: { issue(openid: string, phoneNumber?: string): Promise<object> }
}

interface Filter {
  openid?: string
  templateId?: string
}

const wordList = z.array(
  z.strictObject({ word: z.string().min(1), suggest: z.enum(['review', 'risky']), label: z.number().int() }),
)
const filter = z.object({ user: z.string().optional(), templateId: z.string().optional() })

export function messageRoutes(ports: MessagePorts, users: Users): ControlRoute[] {
  const { subscriptions, words: risky, phoneCodes } = ports
  const openidOf = (name: string): string => {
    const openid = users.identityOf(name)?.openid
    if (openid === undefined) throw new ControlRefusal(400, 'INVALID_USER', `${name} cannot be a user name`)
    return openid
  }
  const filterOf = ({ user, templateId }: z.output<typeof filter>): Filter => ({
    openid: user === undefined ? undefined : openidOf(user),
    templateId,
  })
  return [
    ...messagePushRoutes(ports, openidOf),
    ...openApiRoutes(ports, openidOf),
    route({
      method: 'GET',
      path: '/control/messages',
      summary: 'Subscribe messages that reached users, latest first',
      query: filter,
      handle: ({ query }) => ({ messages: subscriptions.sent(filterOf(query)) }),
    }),
    route({
      method: 'GET',
      path: '/control/messages/grants',
      summary: 'How many messages each user still allows, per template',
      query: filter,
      handle: ({ query }) => ({ grants: subscriptions.grants(filterOf(query)) }),
    }),
    route({
      method: 'POST',
      path: '/control/messages/grants',
      summary: 'The user taps "allow" in wx.requestSubscribeMessage',
      body: z.strictObject({
        user: z.string(),
        templateId: z.string(),
        count: z.number().int().min(1).default(1),
      }),
      handle: ({ body }) => subscriptions.grant(openidOf(body.user), body.templateId, body.count),
    }),
    route({
      method: 'POST',
      path: '/control/phone-codes',
      summary: 'The user taps the phone number button; gives the code that the page receives',
      body: z.strictObject({ user: z.string(), phoneNumber: z.string().optional() }),
      handle: ({ body }) => phoneCodes.issue(openidOf(body.user), body.phoneNumber),
    }),
    route({
      method: 'GET',
      path: '/control/risky-words',
      summary: 'Words that the content check reacts to',
      handle: () => ({ words: risky.list() }),
    }),
    route({
      method: 'POST',
      path: '/control/risky-words',
      summary: 'Replaces the words that the content check reacts to',
      body: z.strictObject({ words: wordList }),
      async handle({ body }) {
        await risky.set(body.words)
        return { words: risky.list() }
      },
    }),
  ]
}
