/** WeChat Pay v3, as the template 「小程序微信支付」 and the integration centre offer it to functions and pages. */
import * as z from 'zod'
import type { PayContext } from '../api.ts'
import { type V3Api, V3Refusal } from './api.ts'
import { closeV3Order, placeV3Order, queryV3OrderByNumber, queryV3OrderByTransaction } from './orders.ts'
import { queryV3Refund, requestV3Refund } from './refunds.ts'
import type { V3Settings } from './settings.ts'

const WORKFLOWS: ReadonlyMap<string, V3Api> = new Map([
  ['wxpay_order', placeV3Order],
  ['wxpay_query_order_by_out_trade_no', queryV3OrderByNumber],
  ['wxpay_query_order_by_transaction_id', queryV3OrderByTransaction],
  ['wxpay_close_order', closeV3Order],
  ['wxpay_refund', requestV3Refund],
  ['wxpay_refund_query', queryV3Refund],
])

/** `code` is 0 or -1; with -1, `data` has the code of v3. */
export interface V3Answer {
  code: number
  msg: string
  data: unknown
}

export interface PayV3 {
  /** One workflow by its name. Never rejects for a bad request. */
  call(name: string, data: unknown, caller: { openid?: string }): Promise<V3Answer>
  /** The function `cloudbase_module`, through which functions reach the workflows: `{ name, data }`. */
  module(event: unknown, caller: { openid?: string }): Promise<V3Answer>
}

const moduleEvent = z.object({ name: z.string(), data: z.unknown().optional() })

export function createPayV3(ctx: PayContext, settings: V3Settings): PayV3 {
  const call: PayV3['call'] = async (name, data, caller) => {
    const workflow = WORKFLOWS.get(name)
    if (!workflow) return refused('RESOURCE_NOT_EXISTS', `no workflow ${name}`)
    try {
      return { code: 0, msg: 'success', data: await workflow(data, caller, { ...ctx, settings }) }
    } catch (error) {
      if (!(error instanceof V3Refusal)) throw error
      return refused(error.code, error.message)
    }
  }
  return {
    call,
    async module(event, caller) {
      const parsed = moduleEvent.safeParse(event)
      if (!parsed.success) return refused('PARAM_ERROR', 'cloudbase_module takes { name, data }')
      return call(parsed.data.name, parsed.data.data, caller)
    },
  }
}

function refused(code: string, message: string): V3Answer {
  return { code: -1, msg: message, data: { code, message } }
}
