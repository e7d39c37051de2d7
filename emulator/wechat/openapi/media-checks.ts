import type { Clock } from '../../core/clock.ts'
import { WireError } from '../../core/errors.ts'
import type { Ids } from '../../core/ids.ts'
import type { Log } from '../../core/log.ts'
import type { State } from '../../core/state.ts'
import type { MessagePush } from '../push/message-push.ts'
import { createSerial } from '../serial.ts'
import type { RiskyWords } from './risky-words.ts'

export interface Verdict {
  suggest: 'pass' | 'review' | 'risky'
  label: number
  /** When the check itself failed, for example -1008: the file could not be fetched. */
  errcode?: number
  errmsg?: string
}

/** One picture or sound under examination by `security.mediaCheckAsync`. */
export interface MediaCheck {
  traceId: string
  mediaUrl: string
  /** 1 sound, 2 picture. */
  mediaType: number
  version: 1 | 2
  openid?: string
  askedAtMs: number
  /** Undefined while checks are held: then only a person decides. */
  dueAtMs?: number
  verdict?: Verdict
}

export interface MediaChecks {
  /** Resolves to the trace id; the verdict comes by message push when it is due. */
  ask(media: Pick<MediaCheck, 'mediaUrl' | 'mediaType' | 'version' | 'openid'>): Promise<string>
  /** Latest first. */
  list(): MediaCheck[]
  /** The moderator's decision, now. Throws WireError when there is none to take. */
  decide(traceId: string, verdict: Verdict): Promise<MediaCheck>
  settings(): MediaCheckSettings
  setSettings(settings: MediaCheckSettings): Promise<void>
  resume(): void
  stop(): Promise<void>
}

export interface MediaCheckSettings {
  /** How long a check takes; the platform promises thirty minutes at most. */
  delayMs: number
  /** New checks wait for a decision by hand. */
  hold: boolean
}

const DEFAULT_SETTINGS: MediaCheckSettings = { delayMs: 2_000, hold: false }
const LABEL_NORMAL = 100

export function createMediaChecks(deps: {
  appid: string
  state: State
  clock: Clock
  ids: Ids
  log: Log
  words: RiskyWords
  push: MessagePush
}): MediaChecks {
  const { clock } = deps
  const checks = deps.state.table<MediaCheck>('wechat.media-check')
  const kept = deps.state.table<MediaCheckSettings>('wechat.media-check-settings')
  const alarms = new Map<string, () => void>()
  const underWay = new Set<Promise<unknown>>()
  const serially = createSerial()
  const settings = () => kept.get('settings') ?? DEFAULT_SETTINGS

  function arm(check: MediaCheck): void {
    alarms.get(check.traceId)?.()
    alarms.delete(check.traceId)
    if (check.verdict || check.dueAtMs === undefined) return
    const cancel = clock.at(check.dueAtMs, () => {
      alarms.delete(check.traceId)
      const settling = settle(check.traceId, verdictOf(check)).catch((error: unknown) =>
        deps.log.error('wechat', 'a media check could not be settled', { error: String(error) }),
      )
      underWay.add(settling)
      void settling.then(() => underWay.delete(settling))
      return clock.mode === 'manual' ? settling.then(() => {}) : undefined
    })
    alarms.set(check.traceId, cancel)
  }

  function disarm(): void {
    for (const cancel of alarms.values()) cancel()
    alarms.clear()
  }

  /** By the words in the address, which is all that can be known of a file without looking at it. */
  function verdictOf({ mediaUrl }: MediaCheck): Verdict {
    const found = deps.words.findIn(readable(mediaUrl))
    const worst = found.find(({ suggest }) => suggest === 'risky') ?? found[0]
    return { suggest: worst?.suggest ?? 'pass', label: worst?.label ?? LABEL_NORMAL }
  }

  async function settle(traceId: string, verdict: Verdict): Promise<MediaCheck | undefined> {
    const settled = await serially(traceId, async () => {
      const check = checks.get(traceId)
      if (!check || check.verdict) return undefined
      const next = { ...check, verdict }
      await checks.put(traceId, next)
      return next
    })
    if (settled) await deps.push.send(eventOf(settled, verdict))
    return settled
  }

  /** Keys stay in snake_case: the event is WeChat's, not the SDK's. */
  function eventOf(check: MediaCheck, verdict: Verdict): Record<string, unknown> {
    const { errcode = 0, errmsg = 'ok', suggest, label } = verdict
    const sent = {
      ToUserName: deps.appid,
      FromUserName: check.openid ?? deps.appid,
      CreateTime: Math.floor(clock.nowMs() / 1000),
      MsgType: 'event',
      Event: 'wxa_media_check',
      appid: deps.appid,
      trace_id: check.traceId,
    }
    if (check.version === 1) {
      return { ...sent, isrisky: suggest === 'risky' ? 1 : 0, extra_info_json: '', status_code: errcode }
    }
    const detail = { strategy: 'content_model', errcode: 0, suggest, label, prob: 90 }
    return {
      ...sent,
      version: 2,
      detail: errcode === 0 ? [detail] : [],
      errcode,
      errmsg,
      ...(errcode === 0 && { result: { suggest, label } }),
    }
  }

  return {
    async ask(media) {
      const askedAtMs = clock.nowMs()
      const { delayMs, hold } = settings()
      const traceId = [deps.ids.hex(4), deps.ids.hex(4), deps.ids.hex(4)].join('-')
      const check = { ...media, traceId, askedAtMs, dueAtMs: hold ? undefined : askedAtMs + delayMs }
      await checks.put(traceId, check)
      arm(check)
      return traceId
    },
    list: () =>
      checks
        .entries()
        .map(([, check]) => check)
        .sort((a, b) => b.askedAtMs - a.askedAtMs),
    async decide(traceId, verdict) {
      alarms.get(traceId)?.()
      alarms.delete(traceId)
      const settled = await settle(traceId, verdict)
      if (!settled) throw new WireError('CHECK_NOT_PENDING', `no media check ${traceId} waits for a decision`)
      return settled
    },
    settings,
    setSettings: (wanted) => kept.put('settings', wanted),
    resume() {
      disarm()
      for (const [, check] of checks.entries()) arm(check)
    },
    async stop() {
      disarm()
      await Promise.all(underWay)
    },
  }
}

function readable(url: string): string {
  try {
    return decodeURIComponent(url)
  } catch {
    return url
  }
}
