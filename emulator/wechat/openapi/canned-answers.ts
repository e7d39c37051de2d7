import type { State } from '../../core/state.ts'
import { createSerial } from '../serial.ts'

/** What an API answers instead of what it would do: for APIs that are not built, and for failures of those that are. */
export interface CannedAnswer {
  /** `wxacode.get` as in `cloud.openapi.wxacode.get`; `cloudPay.refund` as in `cloud.cloudPay.refund`. */
  name: string
  /** Of the API itself, or below -600000 of the platform: -604102 (timeout), -604103 (system error). */
  errcode?: number
  errmsg?: string
  /** Fields of the reply, in snake_case as WeChat sends them. */
  body?: Record<string, unknown>
  binary?: { contentType: string; base64: string }
  /** Forgotten after so many calls; kept when absent. */
  times?: number
}

export interface CannedAnswers {
  list(): CannedAnswer[]
  /** Replaces the one of the same name. */
  set(answer: CannedAnswer): Promise<void>
  remove(name: string): Promise<void>
  clear(): Promise<void>
  isSet(name: string): boolean
  /** The answer for this call, if there is one; counts the call. */
  take(name: string): Promise<CannedAnswer | undefined>
}

export function createCannedAnswers(deps: { state: State }): CannedAnswers {
  const table = deps.state.table<CannedAnswer>('wechat.canned-answer')
  const serially = createSerial()
  return {
    list: () => table.entries().map(([, answer]) => answer),
    set: (answer) => serially(answer.name, () => table.put(answer.name, answer)),
    remove: (name) => serially(name, () => table.remove(name)),
    async clear() {
      for (const [name] of table.entries()) await serially(name, () => table.remove(name))
    },
    isSet: (name) => table.get(name) !== undefined,
    take: (name) =>
      serially(name, async () => {
        const answer = table.get(name)
        if (answer?.times === undefined) return answer
        if (answer.times <= 1) await table.remove(name)
        else await table.put(name, { ...answer, times: answer.times - 1 })
        return answer
      }),
  }
}
