import type { Clock } from '../../core/clock.ts'
import type { Ids } from '../../core/ids.ts'
import type { State } from '../../core/state.ts'
import { createSerial } from '../serial.ts'

/** How often a user still allows one template: each `wx.requestSubscribeMessage` adds one, each message takes one. */
export interface Grant {
  openid: string
  templateId: string
  count: number
}

export interface SentMessage {
  id: string
  atMs: number
  openid: string
  templateId: string
  data: Record<string, { value: string }>
  page?: string
  miniprogramState: string
  lang: string
  functionName?: string
  /** Its appid, for a message of an official account (`uniformMessage.send`). */
  officialAccount?: string
}

export interface Subscriptions {
  /** The user taps "allow" `count` times. Resolves to what is now left. */
  grant(openid: string, templateId: string, count?: number): Promise<Grant>
  grants(filter?: { openid?: string; templateId?: string }): Grant[]
  /** Takes one permission and records the message, or gives undefined when the user allows none. */
  send(message: Omit<SentMessage, 'id' | 'atMs'>): Promise<SentMessage | undefined>
  /** Records a message that needs no permission. */
  record(message: Omit<SentMessage, 'id' | 'atMs'>): Promise<SentMessage>
  /** Latest first. */
  sent(filter?: { openid?: string; templateId?: string }): SentMessage[]
}

export function createSubscriptions(deps: { state: State; clock: Clock; ids: Ids }): Subscriptions {
  const grants = deps.state.table<Grant>('wechat.grant')
  const sent = deps.state.table<SentMessage>('wechat.message')
  const serially = createSerial()
  const keyOf = (openid: string, templateId: string) => `${openid} ${templateId}`

  async function record(message: Omit<SentMessage, 'id' | 'atMs'>): Promise<SentMessage> {
    const atMs = deps.clock.nowMs()
    const id = `${String(atMs).padStart(15, '0')}-${deps.ids.hex(6)}`
    const recorded = { ...message, id, atMs }
    await sent.put(id, recorded)
    return recorded
  }

  return {
    grant: (openid, templateId, count = 1) =>
      serially(keyOf(openid, templateId), async () => {
        if (!Number.isSafeInteger(count) || count < 1)
          throw new RangeError('count must be a positive integer')
        const key = keyOf(openid, templateId)
        const grant = { openid, templateId, count: (grants.get(key)?.count ?? 0) + count }
        await grants.put(key, grant)
        return grant
      }),
    grants: (filter) => grants.entries().flatMap(([, grant]) => (isWanted(grant, filter) ? [grant] : [])),
    send: (message) =>
      serially(keyOf(message.openid, message.templateId), async () => {
        const key = keyOf(message.openid, message.templateId)
        const grant = grants.get(key)
        if (!grant || grant.count < 1) return undefined
        await grants.put(key, { ...grant, count: grant.count - 1 })
        return record(message)
      }),
    record,
    sent: (filter) =>
      sent
        .entries()
        .flatMap(([, message]) => (isWanted(message, filter) ? [message] : []))
        .reverse(),
  }
}

function isWanted(
  one: { openid: string; templateId: string },
  filter: { openid?: string; templateId?: string } = {},
): boolean {
  return (
    (filter.openid === undefined || filter.openid === one.openid) &&
    (filter.templateId === undefined || filter.templateId === one.templateId)
  )
}
