import type { Clock } from '../../core/clock.ts'
import { WireError } from '../../core/errors.ts'
import type { Faults } from '../../core/faults.ts'
import type { Identity } from '../../core/identity.ts'
import type { Ids } from '../../core/ids.ts'
import type { Log } from '../../core/log.ts'
import type { State } from '../../core/state.ts'

/** Which function gets the messages of one kind: MsgType, and Event when it is an event. At most one per kind. */
export interface PushRule {
  msgType: string
  event?: string
  functionName: string
}

/** One message on its way to a function; kept afterwards, so that a person can see what happened. */
export interface PushedMessage {
  id: string
  atMs: number
  /** What the function gets as its event. */
  event: Record<string, unknown>
  /** The user behind it, when there is one: `getWXContext().OPENID` of the function. */
  openid?: string
  functionName?: string
  state: 'pending' | 'accepted' | 'failed' | 'unrouted'
  nextAtMs?: number
  attempts: { atMs: number; outcome: 'accepted' | 'failed' | 'lost'; detail?: string }[]
}

/** WeChat's messages and events to the mini program's functions (「消息推送」 of the console). */
export interface MessagePush {
  rules(): PushRule[]
  /** Replaces all. */
  setRules(rules: PushRule[]): Promise<void>
  /** Hands `event` to the function of its kind; settles after the first attempt. */
  send(event: Record<string, unknown>, openid?: string): Promise<PushedMessage>
  /** Latest first. */
  list(): PushedMessage[]
  resume(): void
  stop(): Promise<void>
}

export interface PushDeps {
  appid: string
  state: State
  clock: Clock
  ids: Ids
  log: Log
  faults: Faults
  /** Never rejects. */
  invoke(call: {
    functionName: string
    event: unknown
    identity: Identity
    source: string
  }): Promise<{ ok: true; value: unknown } | { ok: false; code: string; message: string }>
}

/** The manual's rule for servers: no answer in time, then three repeats five seconds apart. */
const REPEATS = 3
const REPEAT_AFTER_MS = 5_000
/** The platform's value for pushed messages is not documented. */
const SOURCE = 'wx_unknown'

export function createMessagePush(deps: PushDeps): MessagePush {
  const { clock, log } = deps
  const rules = deps.state.table<PushRule[]>('wechat.push-rule')
  const messages = deps.state.table<PushedMessage>('wechat.push')
  const alarms = new Map<string, () => void>()
  const underWay = new Map<string, Promise<PushedMessage>>()
  let isStopped = false

  function arm(message: PushedMessage): void {
    alarms.get(message.id)?.()
    alarms.delete(message.id)
    if (isStopped || message.state !== 'pending' || message.nextAtMs === undefined) return
    const cancel = clock.at(message.nextAtMs, () => {
      alarms.delete(message.id)
      const delivery = deliver(message.id).catch((error: unknown) =>
        log.error('wechat', 'a message could not be pushed', { message: message.id, error: String(error) }),
      )
      // A manual clock waits, so that advancing it is repeatable; a real one must not stand still for a slow function.
      return clock.mode === 'manual' ? delivery.then(() => {}) : undefined
    })
    alarms.set(message.id, cancel)
  }

  function disarm(): void {
    for (const cancel of alarms.values()) cancel()
    alarms.clear()
  }

  function deliver(id: string): Promise<PushedMessage> {
    const current = underWay.get(id)
    if (current) return current
    const attempt = attemptOnce(id).finally(() => underWay.delete(id))
    underWay.set(id, attempt)
    return attempt
  }

  async function attemptOnce(id: string): Promise<PushedMessage> {
    const message = messages.get(id)
    if (!message) throw new WireError('MESSAGE_NOT_FOUND', `no pushed message ${id}`)
    if (message.functionName === undefined || isStopped) return message
    const attempt = await call(message.functionName, message)
    const attempts = [...message.attempts, attempt]
    const isOver = attempt.outcome === 'accepted' || attempts.length > REPEATS
    const state = attempt.outcome === 'accepted' ? 'accepted' : isOver ? 'failed' : 'pending'
    const nextAtMs = isOver ? undefined : clock.nowMs() + REPEAT_AFTER_MS
    const changed: PushedMessage = { ...message, attempts, state, nextAtMs }
    await messages.put(id, changed)
    arm(changed)
    log.info('wechat', `${kindOf(message.event)} pushed to ${message.functionName}: ${attempt.outcome}`, {
      message: id,
      detail: attempt.detail,
    })
    return changed
  }

  async function call(
    functionName: string,
    { event, openid }: PushedMessage,
  ): Promise<PushedMessage['attempts'][number]> {
    const atMs = clock.nowMs()
    const effect = deps.faults.strike('wechat', 'message.push')
    if (effect?.kind === 'error' || effect?.kind === 'crash')
      return { atMs, outcome: 'lost', detail: 'never arrived' }
    if (effect?.kind === 'delay') await new Promise((resolve) => setTimeout(resolve, effect.ms))
    const invoke = () =>
      deps.invoke({ functionName, event, identity: { appid: deps.appid, openid }, source: SOURCE })
    if (effect?.kind === 'duplicate') await invoke()
    const result = await invoke()
    if (effect?.kind === 'reply-lost') return { atMs, outcome: 'lost', detail: 'the answer was lost' }
    if (!result.ok) return { atMs, outcome: 'failed', detail: `${result.code} ${result.message}` }
    // What it answers is not read, but the manual asks for 'success'.
    const answered = result.value === 'success' ? undefined : `answered ${JSON.stringify(result.value)}`
    return { atMs, outcome: 'accepted', detail: answered?.slice(0, 500) }
  }

  function findRule(event: Record<string, unknown>): PushRule | undefined {
    return (rules.get('rules') ?? []).find(
      (rule) => rule.msgType === event.MsgType && (rule.event ?? '') === (event.Event ?? ''),
    )
  }

  return {
    rules: () => rules.get('rules') ?? [],
    async setRules(wanted) {
      const kinds = wanted.map((rule) => `${rule.msgType} ${rule.event ?? ''}`)
      const twice = kinds.find((kind, index) => kinds.indexOf(kind) !== index)
      if (twice) throw new WireError('PUSH_RULE_TWICE', `two functions for messages of the kind ${twice}`)
      await rules.put('rules', wanted)
    },
    async send(event, openid) {
      const atMs = clock.nowMs()
      const functionName = findRule(event)?.functionName
      const id = `${String(atMs).padStart(15, '0')}-${deps.ids.hex(6)}`
      const state = functionName === undefined ? 'unrouted' : 'pending'
      const nextAtMs = functionName === undefined ? undefined : atMs
      const message: PushedMessage = { id, atMs, event, openid, functionName, state, nextAtMs, attempts: [] }
      await messages.put(id, message)
      if (functionName !== undefined) return deliver(id)
      log.warn('wechat', `nobody gets ${kindOf(event)}: PUT /control/message-push says which function does`)
      return message
    },
    list: () =>
      messages
        .entries()
        .map(([, message]) => message)
        .reverse(),
    resume() {
      isStopped = false
      disarm()
      for (const [, message] of messages.entries()) if (!underWay.has(message.id)) arm(message)
    },
    async stop() {
      isStopped = true
      disarm()
      await Promise.allSettled(underWay.values())
    },
  }
}

function kindOf({ MsgType, Event }: Record<string, unknown>): string {
  return Event === undefined ? `a message of type ${MsgType}` : `the event ${Event}`
}
