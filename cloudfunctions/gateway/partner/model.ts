/** What a partner is, and what it may. No I/O. */
import { BlockList, isIP } from 'node:net'
import * as z from 'zod'
import { collection, idInput, text } from '../../_kernel/index.ts'

const ms = z.int()
const count = z.int()

/** A key by its id; the secret itself is not stored (`secret.ts`). */
const key = z.object({
  keyId: text,
  createdAtMs: ms,
  /** From then on it is worth nothing; null as long as nobody ended it. */
  endsAtMs: ms.nullable(),
  requestHash: text,
})

export const partners = collection(
  'partners',
  z.object({
    /** The client id. */
    _id: text,
    name: text,
    status: z.enum(['active', 'revoked']),
    /** Permissions of the routes that it may call. */
    scopes: z.array(text),
    secrets: z.array(key),
    signingKeys: z.array(key),
    mustSign: z.boolean(),
    /** Addresses and networks that it may call from; empty for any. */
    ips: z.array(text),
    perMinute: count,
    perDay: count,
    /** Which minute and day the counters below are of, and how many calls are left in them. */
    minuteAtMs: ms,
    minuteLeft: count,
    dayAtMs: ms,
    dayLeft: count,
    requestHash: text,
    createdBy: text,
    createdAtMs: ms,
    updatedAtMs: ms,
  }),
)
export type Partner = ReturnType<typeof partners.parse>
export type Key = Partner['secrets'][number]

export const KEYS_AT_ONCE = 3
/** How long an old client secret goes on beside the new one, so that a partner can change over without a break. */
export const ROTATION_MS = 24 * 3_600_000
const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
const CHINA_MS = 8 * 3_600_000

export const partnerId = idInput

/** What an operator decides about a partner. */
export const partnerTerms = z.strictObject({
  name: z.string().trim().min(1).max(80),
  scopes: z.array(z.string().regex(/^[a-z-]+:[a-z-]+$/)).max(50),
  ips: z
    .array(z.string().refine(isNetwork, { error: 'not an address or network' }))
    .max(50)
    .default([]),
  mustSign: z.boolean().default(false),
  perMinute: z.int().min(1).max(6_000).default(120),
  perDay: z.int().min(1).max(1_000_000).default(20_000),
})

export function isLive({ endsAtMs }: Key, nowMs: number): boolean {
  return endsAtMs === null || endsAtMs > nowMs
}

/** The minute and the day of China that a moment lies in. */
export function windowsAt(nowMs: number): { minuteAtMs: number; dayAtMs: number } {
  return {
    minuteAtMs: Math.floor(nowMs / MINUTE_MS) * MINUTE_MS,
    dayAtMs: Math.floor((nowMs + CHINA_MS) / DAY_MS) * DAY_MS - CHINA_MS,
  }
}

/** After how long the window that is used up ends. */
export function retryAfterMs(partner: Partner, window: 'minute' | 'day', nowMs: number): number {
  return window === 'minute' ? partner.minuteAtMs + MINUTE_MS - nowMs : partner.dayAtMs + DAY_MS - nowMs
}

/** Whether an address is in a list of addresses and networks; an empty list holds every address. */
export function isAllowed(ips: readonly string[], address: string | undefined): boolean {
  if (ips.length === 0) return true
  if (address === undefined || isIP(address) === 0) return false
  const list = new BlockList()
  for (const ip of ips) {
    const [network = '', bits] = ip.split('/')
    const family = isIP(network) === 6 ? 'ipv6' : 'ipv4'
    if (bits === undefined) list.addAddress(network, family)
    else list.addSubnet(network, Number(bits), family)
  }
  return list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}

function isNetwork(value: string): boolean {
  const [address = '', bits, ...rest] = value.split('/')
  const family = isIP(address)
  if (family === 0 || rest.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 6 ? 128 : 32))
}
