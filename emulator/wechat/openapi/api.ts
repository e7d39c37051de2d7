import type { Clock } from '../../core/clock.ts'
import type { Ids } from '../../core/ids.ts'
import type { CloudIds } from '../open-data/cloud-ids.ts'
import type { OpenApiArgument } from '../wire.ts'
import type { CustomerService } from './customer-service.ts'
import type { Links } from './links.ts'
import type { MediaChecks } from './media-checks.ts'
import type { PhoneCodes } from './phone-codes.ts'
import type { RiskyWords } from './risky-words.ts'
import type { Subscriptions } from './subscriptions.ts'
import type { TempMedia } from './temp-media.ts'

/** One WeChat API: arguments with snake_case keys in, the JSON reply with snake_case keys (or a file) out. */
export type OpenApi = (call: OpenApiCall, ctx: OpenApiContext) => Promise<OpenApiReply>

export type OpenApiReply = Record<string, unknown> | OpenApiFile

export interface OpenApiCall {
  arguments: Record<string, unknown>
  /** The function that called, when one did, and its user. */
  functionName?: string
  openid?: string
}

export interface OpenApiContext {
  appid: string
  clock: Clock
  ids: Ids
  subscriptions: Subscriptions
  words: RiskyWords
  phoneCodes: PhoneCodes
  mediaChecks: MediaChecks
  tempMedia: TempMedia
  customerService: CustomerService
  links: Links
  cloudIds: CloudIds
  /** Pages of the mini program (its app.json); undefined when the project has none. */
  pages(): string[] | undefined
}

/** A picture, a sound, …: what the SDK gives as `{ contentType, buffer }`. */
export class OpenApiFile {
  constructor(
    readonly contentType: string,
    readonly bytes: Uint8Array,
  ) {}
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

/** The bytes of a medium argument, not empty and not too large (WeChat's own spelling of 40006). */
export function assertMedia(value: unknown, maxBytes: number): Uint8Array {
  if (!(value instanceof Uint8Array) || value.length === 0)
    throw new OpenApiError(41005, 'media data missing')
  if (value.length > maxBytes) throw new OpenApiError(40006, 'invalid meida size')
  return value
}
