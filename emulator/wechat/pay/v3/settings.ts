import type { State } from '../../../core/state.ts'

/** Where v3 notices go: a function, or an address of this cloud (`/http/<function>/…`). */
export interface V3Callbacks {
  order: string
  refund: string
}

export interface V3Settings {
  callbacks(): V3Callbacks
  setCallbacks(callbacks: V3Callbacks): Promise<void>
}

/** The names that the functions of the template have. */
const DEFAULT_CALLBACKS: V3Callbacks = { order: 'wxpay_order_callback', refund: 'wxpay_refund_callback' }

export function createV3Settings(state: State): V3Settings {
  const table = state.table<V3Callbacks>('wechat.pay-v3')
  return {
    callbacks: () => table.get('callbacks') ?? DEFAULT_CALLBACKS,
    setCallbacks: (callbacks) => table.put('callbacks', callbacks),
  }
}
