import type { Clock } from '../../core/clock.ts'
import type { Ids } from '../../core/ids.ts'
import type { OpenApiArgument } from '../wire.ts'
import type { PhoneCodes } from './phone-codes.ts'
import type { RiskyWords } from './risky-words.ts'
import type { Subscriptions } from './subscriptions.ts'

/** One WeChat API: arguments with snake_case keys in, the JSON reply with snake_case keys out. */
export type OpenApi = (call: OpenApiCall, ctx: OpenApiContext) => Promise<Record<string, unknown>>

export interface OpenApiCall {
  arguments: Record<string, unknown>
  /** The function that called, when one did. */
  functionName?: string
}

export interface OpenApiContext {
  appid: string
  clock: Clock
  ids: Ids
  subscriptions: Subscriptions
  words: RiskyWords
  phoneCodes: PhoneCodes
}

/** A refusal of the API itself; the SDK throws it with `errCode` = `errcode`. */
export class OpenApiError extends Error {
  constructor(
    readonly errcode: number,
    readonly errmsg: string,
  ) {
    super(`${errcode} ${errmsg}`)
    this.name = 'OpenApiError'
  }
}

/** The arguments as JSON values; bytes stay bytes. */
export function plainArguments(given: Record<string, OpenApiArgument>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(given).map(([key, value]) => [key, 'json' in value ? value.json : value.bytes]),
  )
}

/** A real openid is 28 characters beginning with `o`; we can only tell malformed ones from it. */
export function assertOpenid(value: unknown): string {
  if (typeof value !== 'string' || !/^o[\w-]{20,40}$/.test(value))
    throw new OpenApiError(40003, 'invalid openid')
  return value
}
