import { target } from '../target'
import { cloudbase } from './cloudbase'
import { local } from './local'

/** What travels to a cloud function besides its name. */
export interface CallEvent {
  $url: string
  data: unknown
  requestId: string
}

/** What the server hands out for `wx.requestPayment`. */
export interface PaymentParameters {
  timeStamp: string
  nonceStr: string
  package: string
  signType: string
  paySign: string
}

/** What differs between CloudBase and the local cloud, and nothing else. */
export interface Transport {
  start(): void
  /** Gives the function's return value as it is. Rejects with `NoAnswer` only. */
  callFunction(name: string, event: CallEvent): Promise<unknown>
  /** Resolves when the user has paid; rejects with `NotPaid`. */
  pay(parameters: PaymentParameters): Promise<void>
  /** Asks the user to allow messages; gives the ids of the templates that were allowed. */
  askToSubscribe(templateIds: string[]): Promise<string[]>
}

const transport: Transport =
  target.kind === 'cloudbase' ? cloudbase(target.env) : local(target.url, target.user)

export const startTransport = transport.start
export const callFunction = transport.callFunction
export const requestPayment = transport.pay
export const askToSubscribe = transport.askToSubscribe
