/** For tests: a WeChat simulator in memory on a manual clock, with functions that are plain callbacks. */
import { type Clock, type ClockMode, createClock } from '../core/clock.ts'
import { createFaults, type Faults } from '../core/faults.ts'
import { LOCAL_APPID, openidOf } from '../core/identity.ts'
import { createIds } from '../core/ids.ts'
import { createLog } from '../core/log.ts'
import { createState, type State } from '../core/state.ts'
import { createWechat, type Wechat } from './index.ts'

export const ENV_ID = 'local'
export const BUYER = openidOf(LOCAL_APPID, 'buyer1')
/** 2026-03-01 10:00 in Beijing. */
export const START_MS = Date.parse('2026-03-01T02:00:00Z')

export interface FunctionCall {
  functionName: string
  event: Record<string, unknown>
  identity: { openid?: string; appid: string }
  source: string
  atMs: number
}

export interface Simulator {
  wechat: Wechat
  clock: Clock
  state: State
  faults: Faults
  /** Every call of a function, oldest first. */
  calls: FunctionCall[]
  /** What functions answer from now on; an Error means the call itself fails. */
  answer(with_: unknown | ((call: FunctionCall) => unknown)): void
  /** One pay API, fields in camelCase as a function writes them, the reply as WeChat sends it. */
  pay(api: string, fields: Record<string, unknown>): Promise<Record<string, unknown>>
  bill(fields: Record<string, unknown>): Promise<string>
  /** Places an order and lets the user pay it. */
  paidOrder(outTradeNo: string, totalFee: number): Promise<void>
}

export function simulator(
  options: {
    state?: State
    /** `permissions.openapi` of the function `notify`. */
    permissions?: string[]
    /** Other functions that there are. */
    isFunction?: (name: string) => boolean
    pages?: string[]
    baseUrl?: string
    startMs?: number
    mode?: ClockMode
  } = {},
): Simulator {
  const clock = createClock(options.mode ?? 'manual', options.startMs ?? START_MS)
  const state = options.state ?? createState(undefined)
  const faults = createFaults(() => 0)
  const calls: FunctionCall[] = []
  let answer: unknown = { errcode: 0, errmsg: 'ok' }
  const wechat = createWechat({
    state,
    clock,
    ids: createIds('test'),
    log: createLog(clock.nowMs),
    faults,
    appid: LOCAL_APPID,
    envId: ENV_ID,
    permissionsOf: (name) =>
      name === 'notify' ? options.permissions : options.isFunction?.(name) ? [] : undefined,
    pages: () => options.pages,
    baseUrl: () => options.baseUrl ?? 'http://127.0.0.1',
    async invoke({ functionName, event, identity, source }) {
      const call = {
        functionName,
        event: event as Record<string, unknown>, // the simulator only sends objects
        identity,
        source,
        atMs: clock.nowMs(),
      }
      calls.push(call)
      const value = typeof answer === 'function' ? await answer(call) : answer
      if (value instanceof Error) return { ok: false, code: 'FUNCTIONS_EXECUTE_FAIL', message: value.message }
      return { ok: true, value }
    },
  })

  async function bytes(api: string, fields: Record<string, unknown>): Promise<Uint8Array> {
    const snake = Object.fromEntries(
      Object.entries(fields).map(([key, value]) => [
        key.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`),
        value,
      ]),
    )
    const requestData = Buffer.from(JSON.stringify(snake))
    const reply = await wechat.handle(
      'wx.wxPayApi',
      { text: { apiName: api }, binary: { requestData } },
      { openid: BUYER },
    )
    if (!('body' in reply) || !(reply.body instanceof Uint8Array)) throw new Error('expected bytes')
    return reply.body
  }

  const pay: Simulator['pay'] = async (api, fields) =>
    JSON.parse(Buffer.from(await bytes(api, { subMchId: '1900000109', ...fields })).toString('utf8'))

  return {
    wechat,
    clock,
    state,
    faults,
    calls,
    answer(with_) {
      answer = with_
    },
    pay,
    bill: async (fields) => Buffer.from(await bytes('downloadBill', fields)).toString('utf8'),
    async paidOrder(outTradeNo, totalFee) {
      await pay('unifiedOrder', order(outTradeNo, { totalFee }))
      await wechat.control.payments.pay({ outTradeNo })
    },
  }
}

/** A correct order, as a function would send it. */
export function order(outTradeNo: string, changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    functionName: 'payment',
    envId: ENV_ID,
    body: '一箱苹果',
    outTradeNo,
    totalFee: 100,
    spbillCreateIp: '127.0.0.1',
    ...changes,
  }
}
