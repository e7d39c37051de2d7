import type { Clock } from '../../core/clock.ts'
import type { Ids } from '../../core/ids.ts'
import type { State } from '../../core/state.ts'
import { phoneOf } from '../open-data/phone-of.ts'
import { createSerial } from '../serial.ts'

/** What `<button open-type="getPhoneNumber">` hands to the page: good once, and for five minutes. */
export interface PhoneCode {
  code: string
  openid: string
  phoneNumber: string
  expiresAtMs: number
}

export interface PhoneCodes {
  /** The user taps the button. Without a number, the user's own stable one is taken. */
  issue(openid: string, phoneNumber?: string): Promise<PhoneCode>
  /** The code's number, once; undefined when unknown, used or expired. */
  redeem(code: string): Promise<PhoneCode | undefined>
}

const LIFE_MS = 5 * 60_000

export function createPhoneCodes(deps: { state: State; clock: Clock; ids: Ids }): PhoneCodes {
  const codes = deps.state.table<PhoneCode>('wechat.phone-code')
  const serially = createSerial()
  return {
    async issue(openid, phoneNumber = phoneOf(openid)) {
      const expiresAtMs = deps.clock.nowMs() + LIFE_MS
      const issued = { code: deps.ids.hex(32), openid, phoneNumber, expiresAtMs }
      await codes.put(issued.code, issued)
      return issued
    },
    redeem: (code) =>
      serially(code, async () => {
        const issued = codes.get(code)
        if (!issued) return undefined
        await codes.remove(code)
        return issued.expiresAtMs > deps.clock.nowMs() ? issued : undefined
      }),
  }
}
