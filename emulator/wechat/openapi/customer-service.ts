import type { Clock } from '../../core/clock.ts'
import type { Ids } from '../../core/ids.ts'
import type { State } from '../../core/state.ts'
import { createSerial } from '../serial.ts'

export interface CustomerMessage {
  id: string
  atMs: number
  openid: string
  msgtype: string
  /** The part named after the type: `{ content }`, `{ media_id }`, … */
  content: unknown
  functionName?: string
}

/** How often and until when a mini program may write to a user in the customer service chat. */
export interface CustomerService {
  /** Five messages within 48 hours. */
  userWrote(openid: string): Promise<void>
  /** Two messages within a minute. */
  userEntered(openid: string): Promise<void>
  /** Takes one permission and records the message, or says why there is none. */
  send(message: Omit<CustomerMessage, 'id' | 'atMs'>): Promise<'sent' | 'too late' | 'too many'>
  /** The user sees "typing…" for 15 seconds, if the user wrote within the last 30. */
  setTyping(openid: string, isTyping: boolean): Promise<'done' | 'no recent message' | 'typing already'>
  /** Latest first. */
  sent(filter?: { openid?: string }): CustomerMessage[]
}

interface Chat {
  /** Permissions that the user's acts gave; they do not add up: the largest number and the latest end hold. */
  messagesLeft: number
  openUntilMs: number
  wroteAtMs?: number
  typingUntilMs?: number
}

/** 「发送客服消息」: what each act of a user permits. */
const AFTER_MESSAGE = { messages: 5, forMs: 48 * 3_600_000 }
const AFTER_ENTERING = { messages: 2, forMs: 60_000 }
const TYPING_NEEDS_MESSAGE_WITHIN_MS = 30_000
const TYPING_LASTS_MS = 15_000

export function createCustomerService(deps: { state: State; clock: Clock; ids: Ids }): CustomerService {
  const chats = deps.state.table<Chat>('wechat.customer-chat')
  const messages = deps.state.table<CustomerMessage>('wechat.customer-message')
  const serially = createSerial()
  const nowMs = deps.clock.nowMs

  function open(openid: string, { messages: most, forMs }: typeof AFTER_MESSAGE, wroteAtMs?: number) {
    return serially(openid, async () => {
      const chat = chats.get(openid)
      const isOpen = chat !== undefined && chat.openUntilMs > nowMs()
      await chats.put(openid, {
        ...chat,
        messagesLeft: Math.max(isOpen ? chat.messagesLeft : 0, most),
        openUntilMs: Math.max(isOpen ? chat.openUntilMs : 0, nowMs() + forMs),
        wroteAtMs: wroteAtMs ?? chat?.wroteAtMs,
      })
    })
  }

  return {
    userWrote: (openid) => open(openid, AFTER_MESSAGE, nowMs()),
    userEntered: (openid) => open(openid, AFTER_ENTERING),
    send: (message) =>
      serially(message.openid, async () => {
        const chat = chats.get(message.openid)
        const atMs = nowMs()
        if (!chat || chat.openUntilMs <= atMs) return 'too late'
        if (chat.messagesLeft < 1) return 'too many'
        await chats.put(message.openid, { ...chat, messagesLeft: chat.messagesLeft - 1 })
        const id = `${String(atMs).padStart(15, '0')}-${deps.ids.hex(6)}`
        await messages.put(id, { ...message, id, atMs })
        return 'sent'
      }),
    setTyping: (openid, isTyping) =>
      serially(openid, async () => {
        const chat = chats.get(openid)
        const atMs = nowMs()
        if (chat?.wroteAtMs === undefined || atMs - chat.wroteAtMs > TYPING_NEEDS_MESSAGE_WITHIN_MS)
          return 'no recent message'
        if (isTyping && (chat.typingUntilMs ?? 0) > atMs) return 'typing already'
        await chats.put(openid, { ...chat, typingUntilMs: isTyping ? atMs + TYPING_LASTS_MS : undefined })
        return 'done'
      }),
    sent: (filter = {}) =>
      messages
        .entries()
        .map(([, message]) => message)
        .filter(({ openid }) => filter.openid === undefined || filter.openid === openid)
        .reverse(),
  }
}
